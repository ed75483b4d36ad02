// How the values of a call travel: JavaScript writes tagged doubles into memory both sides see, native code
// reads them, and writes its results the same way. No Node-API call per argument.
//
//   operator, number of positional and of named arguments, number of entries in all;
//   positional entries, then (kName, entry) pairs; a list is kList with its length, then its elements.
//
// Results begin at the first entry.
#pragma once

#include <cstdint>

namespace node_torch {

// Where a call's arguments begin; headerEntries of lib/operators/call-buffer.ts.
constexpr uint32_t kHeaderEntries = 4;

// lib/operators/call-buffer.ts repeats these numbers; a test compares both.
enum class Tag : uint8_t {
  kNone = 0,    // null, undefined, or an undefined tensor
  kTensor = 1,  // handle
  kInt = 2,     // integral number
  kFloat = 3,
  kBool = 4,
  kBigInt = 5,         // the double's 64 bits are the integer
  kString = 6,         // index into the call's strings
  kList = 7,           // length
  kName = 8,           // interned argument name
  kDtype = 9,          // c10::ScalarType
  kLayout = 10,        // c10::Layout
  kMemoryFormat = 11,  // c10::MemoryFormat
  kDevice = 12,        // index into the call's strings
  kGenerator = 13,     // index into the environment's generators
  kComplex = 14,       // real part; the next entry is the imaginary part
  kOther = 15,         // nothing torch knows; index of its type's name in the call's strings
  kSame = 16,          // result only: the argument with this handle
  kTuple = 17,         // result only: several returns
};

}  // namespace node_torch
