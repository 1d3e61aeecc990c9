#include "protocol/codec.h"

#include <algorithm>
#include <limits>
#include <msgpack.hpp>

namespace schakel {
namespace {

enum TokenType : std::uint8_t { kUint, kBool, kNil, kText, kBinary, kArray };

constexpr std::uint64_t kLastMillis = 253402300799999;  // 9999-12-31T23:59:59.999Z
constexpr std::size_t kOrgIdBytesMax = 40;

// The one head that a value may have: its first byte, and how many bytes of size or number follow.
struct Head {
  std::uint8_t first;
  std::uint8_t width;
};

constexpr Head UintHead(std::uint64_t value) {
  if (value < 0x80) return {static_cast<std::uint8_t>(value), 0};
  if (value <= 0xff) return {0xcc, 1};
  if (value <= 0xffff) return {0xcd, 2};
  if (value <= 0xffffffff) return {0xce, 4};
  return {0xcf, 8};
}
constexpr Head TextHead(std::uint64_t size) {
  if (size < 32) return {static_cast<std::uint8_t>(0xa0 | size), 0};
  if (size <= 0xff) return {0xd9, 1};
  return size <= 0xffff ? Head{0xda, 2} : Head{0xdb, 4};
}
constexpr Head BinaryHead(std::uint64_t size) {
  if (size <= 0xff) return {0xc4, 1};
  return size <= 0xffff ? Head{0xc5, 2} : Head{0xc6, 4};
}
constexpr Head ArrayHead(std::uint64_t count) {
  if (count < 16) return {static_cast<std::uint8_t>(0x90 | count), 0};
  return count <= 0xffff ? Head{0xdc, 2} : Head{0xdd, 4};
}
constexpr std::uint8_t kNilHead = 0xc0;
constexpr std::uint8_t kFalseHead = 0xc2;
constexpr std::uint8_t kTrueHead = 0xc3;

void WriteHead(Bytes& out, Head head, std::uint64_t value) {
  std::array<std::uint8_t, 9> bytes{head.first};
  for (unsigned i = 0; i < head.width; ++i) {
    bytes[1 + i] = static_cast<std::uint8_t>(value >> (8 * (head.width - 1 - i)) & 0xff);
  }
  out.insert(out.end(), bytes.data(), bytes.data() + 1 + head.width);
}

void WriteSized(Bytes& out, Head head, ByteView payload) {
  SCHAKEL_ASSERT(payload.size() <= std::numeric_limits<std::uint32_t>::max());
  WriteHead(out, head, payload.size());
  Append(out, payload);
}

std::string NextStep(Code code) {
  return code == Code::kLimit ? "send less, or raise the limit on both sides"
                              : "the sender must encode it as the protocol specification says";
}

}  // namespace

// Fills the decoder's tokens from the events of msgpack::parse, which neither recurses nor allocates for what it
// reads, and stops it at the first byte that the canonical subset or a limit does not allow.
//
// The library does not say where a value began. As every value must have its one canonical head, we know the length
// of each, so `at_` follows along: a head byte there that is not the canonical one is the first deviation.
class TokenVisitor {
 public:
  TokenVisitor(ByteView input, const CodecLimits& limits, std::vector<Decoder::Token>& tokens)
      : input_(input), limits_(limits), tokens_(tokens) {}

  Code code() const { return code_; }
  const char* rule() const { return rule_; }

  bool visit_nil() { return Scalar(kNil, {kNilHead, 0}, 0); }
  bool visit_boolean(bool value) { return Scalar(kBool, {value ? kTrueHead : kFalseHead, 0}, value ? 1 : 0); }
  bool visit_positive_integer(std::uint64_t value) { return Scalar(kUint, UintHead(value), value); }
  // Also reached by signed encodings of numbers that are not negative.
  bool visit_negative_integer(std::int64_t) { return NotCanonical(); }
  bool visit_float32(float) { return NotCanonical(); }
  bool visit_float64(double) { return NotCanonical(); }
  bool visit_ext(const char*, std::uint32_t) { return NotCanonical(); }
  bool start_map(std::uint32_t) { return NotCanonical(); }

  bool visit_str(const char* text, std::uint32_t size) {
    if (size > limits_.string_bytes_max) return Stop(Code::kLimit, "codec.size");
    if (!Sized(kText, TextHead(size), size)) return false;
    if (size != 0 && !IsUtf8({text, size})) return Stop(Code::kInvalid, "codec.utf8");
    return true;
  }
  bool visit_bin(const char*, std::uint32_t size) {
    if (size > limits_.binary_bytes_max) return Stop(Code::kLimit, "codec.size");
    return Sized(kBinary, BinaryHead(size), size);
  }
  bool start_array(std::uint32_t count) {
    if (count > limits_.array_max) return Stop(Code::kLimit, "codec.count");
    if (count > limits_.items_max - std::min(limits_.items_max, tokens_.size())) {
      return Stop(Code::kLimit, "codec.count");
    }
    if (depth_ == limits_.depth_max) return Stop(Code::kLimit, "codec.depth");
    ++depth_;
    return Scalar(kArray, ArrayHead(count), count);
  }
  bool end_array() {
    --depth_;
    return true;
  }
  bool start_array_item() { return true; }
  bool end_array_item() { return true; }
  // Never reached: start_map() stops the parser.
  bool start_map_key() { return false; }
  bool end_map_key() { return false; }
  bool start_map_value() { return false; }
  bool end_map_value() { return false; }
  bool end_map() { return false; }

  void parse_error(std::size_t, std::size_t) { Stop(Code::kInvalid, "codec.canonical"); }
  void insufficient_bytes(std::size_t, std::size_t) { Stop(Code::kInvalid, "codec.truncated"); }

 private:
  bool Stop(Code code, const char* rule) {
    code_ = code;
    rule_ = rule;
    return false;
  }
  bool NotCanonical() { return Stop(Code::kInvalid, "codec.canonical"); }

  bool Scalar(TokenType type, Head head, std::uint64_t value) { return Add(type, head, value, at_, 0); }
  bool Sized(TokenType type, Head head, std::uint32_t size) {
    return Add(type, head, size, at_ + 1U + head.width, size);
  }
  bool Add(TokenType type, Head head, std::uint64_t value, std::uint32_t offset, std::uint32_t payload_size) {
    if (tokens_.size() >= limits_.items_max) return Stop(Code::kLimit, "codec.count");
    if (at_ >= input_.size() || input_[at_] != head.first) return NotCanonical();
    tokens_.push_back({value, offset, at_, type});
    at_ += 1U + head.width + payload_size;
    return true;
  }

  ByteView input_;
  const CodecLimits& limits_;
  std::vector<Decoder::Token>& tokens_;
  std::uint32_t at_ = 0;
  std::size_t depth_ = 0;
  Code code_ = Code::kInvalid;
  const char* rule_ = "codec.canonical";
};

Encoder& Encoder::Array(std::size_t count) {
  SCHAKEL_ASSERT(count <= std::numeric_limits<std::uint32_t>::max());
  WriteHead(out_, ArrayHead(count), count);
  return *this;
}
Encoder& Encoder::Uint(std::uint64_t value) {
  WriteHead(out_, UintHead(value), value);
  return *this;
}
Encoder& Encoder::Bool(bool value) {
  out_.push_back(value ? kTrueHead : kFalseHead);
  return *this;
}
Encoder& Encoder::Nil() {
  out_.push_back(kNilHead);
  return *this;
}
Encoder& Encoder::Text(std::string_view utf8) {
  WriteSized(out_, TextHead(utf8.size()), AsBytes(utf8));
  return *this;
}
Encoder& Encoder::Binary(ByteView bytes) {
  WriteSized(out_, BinaryHead(bytes.size()), bytes);
  return *this;
}
Encoder& Encoder::Raw(ByteView encoded) {
  Append(out_, encoded);
  return *this;
}

Decoder::Decoder(ByteView input, const CodecLimits& limits) : input_(input) {
  // Offsets are 32 bits wide, whatever limit the caller set.
  if (input.size() > std::min<std::size_t>(limits.bytes_max, std::numeric_limits<std::uint32_t>::max())) {
    FailWith(Code::kLimit, "codec.size", "");
    return;
  }
  constexpr std::size_t kUsualTokens = 24;
  tokens_.reserve(std::min(input.size(), kUsualTokens));
  TokenVisitor visitor(input, limits, tokens_);
  std::size_t consumed = 0;
  bool whole = false;
  try {
    whole = msgpack::parse(reinterpret_cast<const char*>(input.data()), input.size(), consumed, visitor);
  } catch (const msgpack::unpack_error&) {
    whole = false;
  }
  if (!whole) {
    FailWith(visitor.code(), visitor.rule(), "");
  } else if (consumed != input.size()) {
    FailWith(Code::kInvalid, "codec.trailing", "");
  }
}

const Decoder::Token* Decoder::Take(std::uint8_t type, const char* field) {
  if (error_) return nullptr;
  if (next_ == tokens_.size() || tokens_[next_].type != type) {
    FailWith(Code::kInvalid, "codec.type", field);
    return nullptr;
  }
  return &tokens_[next_++];
}

void Decoder::Array(std::size_t count, const char* field) { ArrayBetween(count, count, field); }

std::size_t Decoder::ArrayBetween(std::size_t min, std::size_t max, const char* field) {
  const Token* token = Take(kArray, field);
  if (token == nullptr) return 0;
  if (token->value < min || token->value > max) {
    FailWith(Code::kInvalid, "codec.type", field);
    return 0;
  }
  return token->value;
}

std::uint64_t Decoder::Uint(const char* field, std::uint64_t max) {
  const Token* token = Take(kUint, field);
  if (token == nullptr) return 0;
  if (token->value > max) {
    FailWith(Code::kInvalid, "codec.type", field);
    return 0;
  }
  return token->value;
}

bool Decoder::Bool(const char* field) {
  const Token* token = Take(kBool, field);
  return token != nullptr && token->value != 0;
}

bool Decoder::Nil() {
  if (error_ || next_ == tokens_.size() || tokens_[next_].type != kNil) return false;
  ++next_;
  return true;
}

std::string_view Decoder::Text(const char* field, std::size_t bytes_max) {
  return AsText(Payload(kText, field, bytes_max));
}

ByteView Decoder::Binary(const char* field, std::size_t bytes_max) { return Payload(kBinary, field, bytes_max); }

ByteView Decoder::Payload(std::uint8_t type, const char* field, std::size_t bytes_max) {
  const Token* token = Take(type, field);
  if (token == nullptr) return {};
  if (token->value > bytes_max) {
    FailWith(Code::kLimit, "codec.size", field);
    return {};
  }
  return input_.subspan(token->offset, token->value);
}

OrgId Decoder::ReadOrgId(const char* field) {
  const std::string_view text = Text(field, kOrgIdBytesMax);
  if (error_) return {};
  auto id = ParseOrgId(text);
  if (!id) {
    error_ = std::move(id).error();
    error_->field = field;
    return {};
  }
  return *std::move(id);
}

Timestamp Decoder::Time(const char* field) { return FromMillis(Uint(field, kLastMillis)); }

ByteView Decoder::Raw(const char* field) {
  if (error_) return {};
  if (next_ == tokens_.size()) {
    FailWith(Code::kInvalid, "codec.type", field);
    return {};
  }
  const std::size_t begin = tokens_[next_].begin;
  for (std::uint64_t pending = 1; pending > 0; --pending) {
    const Token& token = tokens_[next_++];
    if (token.type == kArray) pending += token.value;
  }
  const std::size_t end = next_ == tokens_.size() ? input_.size() : tokens_[next_].begin;
  return input_.subspan(begin, end - begin);
}

void Decoder::FailWith(Code code, const char* rule, const char* field) {
  if (!error_) error_ = Error{code, rule, field, NextStep(code)};
}

Status Decoder::Finish() {
  if (!error_ && next_ != tokens_.size()) FailWith(Code::kInvalid, "codec.trailing", "");
  if (error_) return std::unexpected(*error_);
  return {};
}

}  // namespace schakel
