#include "crc32.h"

#include <array>
#include <cstring>

#include "function.h"
#include "view.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace node_torch {

namespace {

// The polynomial with its bits in the order of the bytes: the lowest bit comes first.
constexpr uint32_t kPolynomial = 0xEDB88320;

// kTables[n][byte]: what a byte leaves behind when n zero bytes have followed it.
constexpr auto kTables = [] {
  std::array<std::array<uint32_t, 256>, 8> tables{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = (rest >> 1) ^ (rest & 1 ? kPolynomial : 0);
    tables[0][byte] = rest;
  }
  for (size_t n = 1; n < tables.size(); ++n) {
    for (size_t byte = 0; byte < 256; ++byte) {
      const uint32_t rest = tables[n - 1][byte];
      tables[n][byte] = (rest >> 8) ^ tables[0][rest & 0xFF];
    }
  }
  return tables;
}();

// On the state inside, which is the complement of the checksum.
uint32_t ByTables(const uint8_t* data, size_t bytes, uint32_t state) {
  static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
  for (; bytes >= 8; data += 8, bytes -= 8) {
    uint64_t next = 0;
    std::memcpy(&next, data, 8);
    next ^= state;
    state = 0;
    for (size_t n = 0; n < 8; ++n) state ^= kTables[7 - n][(next >> (8 * n)) & 0xFF];
  }
  for (; bytes > 0; ++data, --bytes) state = (state >> 8) ^ kTables[0][(state ^ *data) & 0xFF];
  return state;
}

#if defined(__x86_64__)

constexpr size_t kLane = 16;
constexpr size_t kStride = 4 * kLane;

// Moves a lane over the bytes up to `next`: its halves are multiplied, without carries, by what x^(distance + 32) and
// x^(distance - 32) leave modulo the polynomial ("Fast CRC Computation Using PCLMULQDQ", Intel, 2009).
[[gnu::target("pclmul,sse4.1")]] inline __m128i Fold(__m128i lane, __m128i distance, __m128i next) {
  const __m128i low = _mm_clmulepi64_si128(lane, distance, 0x00);
  const __m128i high = _mm_clmulepi64_si128(lane, distance, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

[[gnu::target("pclmul,sse4.1")]] inline __m128i Load(const uint8_t* data) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(data));
}

// Four lanes side by side hide the latency of the multiplication; at the end one lane of 16 bytes has the same
// checksum as everything before it. Needs kStride bytes at least.
[[gnu::target("pclmul,sse4.1")]] uint32_t ByMultiplication(const uint8_t* data, size_t bytes, uint32_t state) {
  const __m128i over_stride = _mm_set_epi64x(0x1c6e41596, 0x154442bd4);
  const __m128i over_lane = _mm_set_epi64x(0x0ccaa009e, 0x1751997d0);
  __m128i lanes[4];
  for (int i = 0; i < 4; ++i) lanes[i] = Load(data + i * kLane);
  lanes[0] = _mm_xor_si128(lanes[0], _mm_cvtsi32_si128(static_cast<int>(state)));
  for (data += kStride, bytes -= kStride; bytes >= kStride; data += kStride, bytes -= kStride) {
    for (int i = 0; i < 4; ++i) lanes[i] = Fold(lanes[i], over_stride, Load(data + i * kLane));
  }
  __m128i lane = lanes[0];
  for (int i = 1; i < 4; ++i) lane = Fold(lane, over_lane, lanes[i]);
  for (; bytes >= kLane; data += kLane, bytes -= kLane) lane = Fold(lane, over_lane, Load(data));
  uint8_t rest[kLane];
  _mm_storeu_si128(reinterpret_cast<__m128i*>(rest), lane);
  return ByTables(data, bytes, ByTables(rest, kLane, 0));
}

bool CanMultiply() {
  static const bool can = __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
  return can;
}

#endif

}  // namespace

uint32_t Crc32(const uint8_t* data, size_t bytes, uint32_t before) {
#if defined(__x86_64__)
  if (bytes >= kStride && CanMultiply()) return ~ByMultiplication(data, bytes, ~before);
#endif
  return ~ByTables(data, bytes, ~before);
}

napi_value Crc32Of(napi_env env, napi_callback_info info) {
  return Function<2>(env, info, [](Environment& e, CallInfo<2>& call) -> napi_value {
    View view;
    uint32_t before = 0;
    if (!ReadView(e.env, call.args[0], &view)) throw TypeError{"expected a typed array"};
    NODE_TORCH_TRY(napi_get_value_uint32(e.env, call.args[1], &before));
    return Number(e.env, Crc32(static_cast<const uint8_t*>(view.data), view.bytes, before));
  });
}

}  // namespace node_torch
