#include "cuda-driver.h"

#include <c10/util/Exception.h>
#include <dlfcn.h>

#include "function.h"

namespace node_torch {

namespace {

// The driver's stable C interface (CUDA Driver API, cuda.h): functions by name, attributes by number.
class Driver {
 public:
  static const Driver& Get() {
    static const Driver driver;
    return driver;
  }

  int Attribute(int attribute, int device) const {
    int value = 0;
    Check(attribute_(&value, attribute, device), "cuDeviceGetAttribute");
    return value;
  }

  std::string Name(int device) const {
    char name[256] = {};
    Check(name_(name, sizeof name - 1, device), "cuDeviceGetName");
    return name;
  }

  size_t TotalMemory(int device) const {
    size_t bytes = 0;
    Check(total_memory_(&bytes, device), "cuDeviceTotalMem_v2");
    return bytes;
  }

  int Device(int ordinal) const {
    int device = 0;
    Check(device_(&device, ordinal), "cuDeviceGet");
    return device;
  }

 private:
  Driver() {
    void* library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
    TORCH_CHECK(library, "the CUDA driver cannot be loaded: ", dlerror());
    int (*init)(unsigned) = nullptr;
    Find(library, "cuInit", &init);
    Find(library, "cuDeviceGet", &device_);
    Find(library, "cuDeviceGetName", &name_);
    Find(library, "cuDeviceTotalMem_v2", &total_memory_);
    Find(library, "cuDeviceGetAttribute", &attribute_);
    Check(init(0), "cuInit");
  }

  template <typename F>
  static void Find(void* library, const char* name, F* function) {
    *function = reinterpret_cast<F>(dlsym(library, name));
    TORCH_CHECK(*function, "the CUDA driver has no function ", name);
  }

  static void Check(int status, const char* function) {
    TORCH_CHECK(status == 0, "the CUDA driver's ", function, " failed with error ", status);
  }

  int (*device_)(int*, int) = nullptr;
  int (*name_)(char*, int, int) = nullptr;
  int (*total_memory_)(size_t*, int) = nullptr;
  int (*attribute_)(int*, int, int) = nullptr;
};

struct Entry {
  const char* name;
  int attribute;  // CUdevice_attribute
};

constexpr Entry kProperties[] = {
    {"major", 75},
    {"minor", 76},
    {"multiProcessorCount", 16},
    {"maxThreadsPerBlock", 1},
    {"maxThreadsPerMultiProcessor", 39},
    {"regsPerMultiprocessor", 82},
    {"sharedMemoryPerBlock", 8},
    {"sharedMemoryPerBlockOptin", 97},
    {"sharedMemoryPerMultiprocessor", 81},
    {"warpSize", 10},
    {"L2CacheSize", 38},
    {"clockRate", 13},
    {"memoryClockRate", 36},
    {"memoryBusWidth", 37},
    {"isIntegrated", 18},
    {"isMultiGpuBoard", 84},
    {"pciBusId", 33},
    {"pciDeviceId", 34},
    {"pciDomainId", 50},
};

}  // namespace

napi_value CudaProperties(napi_env env, napi_callback_info info) {
  return Function<1>(env, info, [](Environment& e, CallInfo<1>& call) -> napi_value {
    int32_t ordinal = 0;
    NODE_TORCH_TRY(napi_get_value_int32(e.env, call.args[0], &ordinal));
    const Driver& driver = Driver::Get();
    const int device = driver.Device(ordinal);
    napi_value result = nullptr;
    NODE_TORCH_TRY(napi_create_object(e.env, &result));
    NODE_TORCH_TRY(napi_set_named_property(e.env, result, "name", Text(e.env, driver.Name(device))));
    NODE_TORCH_TRY(napi_set_named_property(e.env, result, "totalMemory",
                                           Number(e.env, static_cast<double>(driver.TotalMemory(device)))));
    for (const Entry& property : kProperties) {
      NODE_TORCH_TRY(napi_set_named_property(e.env, result, property.name,
                                             Number(e.env, driver.Attribute(property.attribute, device))));
    }
    return result;
  });
}

}  // namespace node_torch
