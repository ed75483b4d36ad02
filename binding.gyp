{
  # For `node-gyp rebuild`: one target that runs the CMake build. The sources are listed in CMakeLists.txt.
  'targets': [
    {
      'target_name': 'libtorch_node',
      'type': 'none',
      'actions': [
        {
          'action_name': 'cmake',
          'inputs': ['CMakeLists.txt'],
          # Never made, so that this always runs: CMake knows what changed.
          'outputs': ['<(INTERMEDIATE_DIR)/cmake'],
          'action': ['node', '<(module_root_dir)/tools/install/cli.mjs', 'build'],
        },
      ],
    },
  ],
}
