// The checksum of ZIP records.
#pragma once

#include <cstddef>
#include <cstdint>

#include "node-api.h"

namespace node_torch {

// CRC-32 as ZIP and PNG have it, continued from that of the bytes before.
uint32_t Crc32(const uint8_t* data, size_t bytes, uint32_t before);

// crc32(bytes, before) -> number
napi_value Crc32Of(napi_env env, napi_callback_info info);

}  // namespace node_torch
