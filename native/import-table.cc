#include "import-table.h"

#include <cstring>
#include <string_view>

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#include <elf.h>
#include <link.h>
#endif

namespace node_torch {

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))

namespace {

#ifdef __x86_64__
constexpr auto kJumpSlot = R_X86_64_JUMP_SLOT;
#else
constexpr auto kJumpSlot = R_AARCH64_JUMP_SLOT;
#endif

struct Request {
  std::string_view library;
  std::initializer_list<Import> imports;
};

// The parts of a library's dynamic section that its imports are found by. glibc has added the library's address.
struct Table {
  const ElfW(Rela) * entries = nullptr;
  size_t count = 0;
  const ElfW(Sym) * symbols = nullptr;
  const char* names = nullptr;
};

Table TableOf(const ElfW(Dyn) * dynamic) {
  Table table;
  for (; dynamic->d_tag != DT_NULL; ++dynamic) {
    const auto address = dynamic->d_un.d_ptr;
    switch (dynamic->d_tag) {
      case DT_JMPREL: table.entries = reinterpret_cast<const ElfW(Rela)*>(address); break;
      case DT_PLTRELSZ: table.count = dynamic->d_un.d_val / sizeof(ElfW(Rela)); break;
      case DT_SYMTAB: table.symbols = reinterpret_cast<const ElfW(Sym)*>(address); break;
      case DT_STRTAB: table.names = reinterpret_cast<const char*>(address); break;
    }
  }
  return table;
}

// The loader makes a part of the data read-only once it is filled in.
bool IsReadOnly(const dl_phdr_info& info, ElfW(Addr) offset) {
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info.dlpi_phdr[i];
    if (segment.p_type == PT_GNU_RELRO && offset >= segment.p_vaddr && offset < segment.p_vaddr + segment.p_memsz) {
      return true;
    }
  }
  return false;
}

void Replace(const dl_phdr_info& info, const Table& table, const std::initializer_list<Import>& imports) {
  for (size_t i = 0; i < table.count; ++i) {
    const ElfW(Rela)& entry = table.entries[i];
    if (ELF64_R_TYPE(entry.r_info) != kJumpSlot) continue;
    const char* name = table.names + table.symbols[ELF64_R_SYM(entry.r_info)].st_name;
    for (const Import& import : imports) {
      if (std::strcmp(name, import.symbol) != 0 || IsReadOnly(info, entry.r_offset)) continue;
      // Other threads may be calling through it.
      __atomic_store_n(reinterpret_cast<void**>(info.dlpi_addr + entry.r_offset), import.replacement, __ATOMIC_RELEASE);
    }
  }
}

int Visit(dl_phdr_info* info, size_t, void* data) {
  const auto& request = *static_cast<const Request*>(data);
  const std::string_view path = info->dlpi_name ? info->dlpi_name : "";
  if (!path.substr(path.rfind('/') + 1).starts_with(request.library)) return 0;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_DYNAMIC) continue;
    const auto* dynamic = reinterpret_cast<const ElfW(Dyn)*>(info->dlpi_addr + segment.p_vaddr);
    Replace(*info, TableOf(dynamic), request.imports);
  }
  return 0;
}

}  // namespace

void ReplaceImports(const char* library, std::initializer_list<Import> imports) {
  Request request{library, imports};
  dl_iterate_phdr(Visit, &request);
}

#else

void ReplaceImports(const char*, std::initializer_list<Import>) {}

#endif

}  // namespace node_torch
