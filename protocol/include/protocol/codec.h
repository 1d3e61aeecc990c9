// The one door to MessagePack: a canonical subset, with hard limits.
//
// Allowed: unsigned integers, nil, booleans, UTF-8 strings, binary, arrays; each in its shortest encoding. No maps,
// floats, negative integers or extensions. So each value has exactly one encoding: what decodes re-encodes to the
// same bytes, and a signature over bytes is a signature over meaning.
//
// Example: the array of 1, "ab", the bytes 00 ff, nil and true is  95 01 a2 61 62 c4 02 00 ff c0 c3.
//
// Errors: kInvalid with rule "codec.canonical" (type or encoding not allowed), "codec.truncated", "codec.trailing",
// "codec.utf8", "codec.type" (another type than the schema wants, or an array too short or too long), and kLimit with
// "codec.size", "codec.depth", "codec.count". The field is the name that the schema gave.
// Threads: one object, one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "protocol/bytes.h"
#include "protocol/ids.h"
#include "protocol/result.h"
#include "protocol/seams.h"

namespace schakel {

// Checked before memory is spent.
struct CodecLimits {
  std::size_t bytes_max = 1U << 20;   // The whole input.
  std::size_t depth_max = 8;          // Arrays within arrays.
  std::size_t array_max = 1024;       // Elements of one array.
  std::size_t items_max = 64U << 10;  // Values in all.
  std::size_t string_bytes_max = 64U << 10;
  std::size_t binary_bytes_max = 1U << 20;
};

class Encoder {
 public:
  Encoder() = default;
  explicit Encoder(std::size_t reserve_bytes) { out_.reserve(reserve_bytes); }

  Encoder& Array(std::size_t count);  // `count` values must follow.
  Encoder& Uint(std::uint64_t value);
  Encoder& Bool(bool value);
  Encoder& Nil();
  Encoder& Text(std::string_view utf8);  // Not checked here: no decoder will take it if it is not UTF-8.
  Encoder& Binary(ByteView bytes);
  // Already encoded: taken as it is.
  Encoder& Raw(ByteView encoded);

  template <typename E>
    requires std::is_enum_v<E>
  Encoder& Enum(E value) {
    return Uint(static_cast<std::uint64_t>(value));
  }
  template <Id128Type Identifier>
  Encoder& Id(const Identifier& id) {
    return Binary(id.value());
  }
  Encoder& Id(const OrgId& id) { return Text(id.value()); }
  Encoder& Id(const KeyId& id) { return Binary(id.value()); }
  Encoder& Time(Timestamp time) { return Uint(ToMillis(time)); }

  const Bytes& bytes() const { return out_; }
  Bytes Take() { return std::move(out_); }

 private:
  Bytes out_;
};

// Walks the values of one input in order. After the first error every read yields zero values, and Finish() reports
// it: a schema reads straight through and checks once.
class Decoder {
 public:
  // Parses `input` whole within `limits`; `input` must outlive the decoder: views point into it.
  explicit Decoder(ByteView input, const CodecLimits& limits = {});

  // Enters an array of exactly `count` values.
  void Array(std::size_t count, const char* field);
  // Enters an array of `min` to `max` values; its count.
  std::size_t ArrayBetween(std::size_t min, std::size_t max, const char* field);
  std::uint64_t Uint(const char* field, std::uint64_t max = ~std::uint64_t{0});
  bool Bool(const char* field);
  // True, and past it, if the next value is nil.
  bool Nil();
  std::string_view Text(const char* field, std::size_t bytes_max);
  ByteView Binary(const char* field, std::size_t bytes_max);
  // Exactly `size` bytes.
  template <std::size_t size>
  std::array<std::uint8_t, size> Fixed(const char* field) {
    std::array<std::uint8_t, size> out{};
    ByteView bytes = Binary(field, size);
    if (bytes.size() == size) {
      std::memcpy(out.data(), bytes.data(), size);
    } else {
      FailWith(Code::kInvalid, "codec.type", field);
    }
    return out;
  }
  template <Id128Type Identifier>
  Identifier ReadId(const char* field) {
    return Identifier(Fixed<16>(field));
  }
  OrgId ReadOrgId(const char* field);  // Checks its rule too.
  KeyId ReadKeyId(const char* field) { return KeyId(Fixed<8>(field)); }
  Timestamp Time(const char* field);  // Up to the year 9999.
  // An enum whose values run from `first` to `last`.
  template <typename E>
  E Enum(const char* field, E first, E last) {
    std::uint64_t value = Uint(field);
    if (value < static_cast<std::uint64_t>(first) || value > static_cast<std::uint64_t>(last)) {
      FailWith(Code::kInvalid, "codec.type", field);
      return first;
    }
    return static_cast<E>(value);
  }
  // The next value, whole (an array with all it holds), as the bytes it came in.
  ByteView Raw(const char* field);

  // Records the first error; later ones are ignored. For rules that a schema adds.
  void FailWith(Code code, const char* rule, const char* field);
  bool ok() const { return !error_.has_value(); }
  // All read, nothing left over.
  Status Finish();

 private:
  struct Token {
    std::uint64_t value;   // Of a uint or bool; the count of an array; the size of text or binary.
    std::uint32_t offset;  // Of the first payload byte (text, binary); of the head for the others.
    std::uint32_t begin;   // Of the head byte.
    std::uint8_t type;
  };
  friend class TokenVisitor;
  const Token* Take(std::uint8_t type, const char* field);
  ByteView Payload(std::uint8_t type, const char* field, std::size_t bytes_max);

  ByteView input_;
  std::vector<Token> tokens_;
  std::size_t next_ = 0;
  std::optional<Error> error_;
};

}  // namespace schakel
