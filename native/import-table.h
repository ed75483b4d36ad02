// The functions that a loaded library calls in others: where another one can take the place of its own choice.
#pragma once

#include <initializer_list>

namespace node_torch {

struct Import {
  const char* symbol;  // mangled
  void* replacement;
};

// From here on the libraries whose file names begin so call the replacements instead of the symbols. Entries that
// cannot be written stay as they are, as do all where the platform keeps them another way.
void ReplaceImports(const char* library, std::initializer_list<Import> imports);

}  // namespace node_torch
