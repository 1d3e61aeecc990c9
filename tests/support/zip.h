// Archives as office programs write them.
#pragma once

#include <zlib.h>

#include <string>
#include <vector>

namespace schakel::test {

struct ZipPart {
  std::string name;
  std::string bytes;
};
enum class Packed : bool { kNo, kYes };

inline std::string Deflated(const std::string& bytes) {
  z_stream stream{};
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  std::string from = bytes;
  stream.next_in = reinterpret_cast<Bytef*>(from.data());
  stream.avail_in = static_cast<uInt>(from.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(packed.size() - stream.avail_out);
  deflateEnd(&stream);
  return packed;
}

inline std::string ZipOf(const std::vector<ZipPart>& parts, Packed packed) {
  const auto number = [](std::size_t value, int count) {
    std::string bytes;
    for (int i = 0; i < count; ++i, value >>= 8) bytes += static_cast<char>(value & 0xFF);
    return bytes;
  };
  std::string zip;
  std::string list;
  for (const ZipPart& part : parts) {
    const std::string bytes = packed == Packed::kYes ? Deflated(part.bytes) : part.bytes;
    const auto crc = crc32(0, reinterpret_cast<const Bytef*>(part.bytes.data()), static_cast<uInt>(part.bytes.size()));
    const std::string both = number(20, 2) + number(0, 2) + number(packed == Packed::kYes ? Z_DEFLATED : 0, 2) +
                             number(0, 4) + number(crc, 4) + number(bytes.size(), 4) + number(part.bytes.size(), 4) +
                             number(part.name.size(), 2) + number(0, 2);
    list += "PK\x01\x02" + number(20, 2) + both + number(0, 10) + number(zip.size(), 4) + part.name;
    zip += "PK\x03\x04" + both + part.name + bytes;
  }
  const std::size_t at = zip.size();
  return zip + list + "PK\x05\x06" + number(0, 4) + number(parts.size(), 2) + number(parts.size(), 2) +
         number(list.size(), 4) + number(at, 4) + number(0, 2);
}

}  // namespace schakel::test
