// Encoded bytes for people: one line a value, with what it is. The form of the examples in docs/protocol.md.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocol/bytes.h"
#include "protocol/result.h"

namespace schakel::test {

// Bytes that have an example of their own: shown as <name>.
using Known = std::vector<std::pair<std::string, Bytes>>;

class Annotator {
 public:
  Annotator(ByteView input, const std::vector<std::string>& labels, const Known& known)
      : input_(input), labels_(labels), known_(known) {}

  // The lines; a value without a label shows as "?", and a label without a value stands at the end.
  std::string Write() {
    Value(0);
    SCHAKEL_ASSERT(at_ == input_.size());
    while (next_label_ < labels_.size()) Line(0, "?", labels_[next_label_++]);
    return std::move(out_);
  }

 private:
  static constexpr std::size_t kCommentColumn = 76;
  static constexpr std::size_t kBytesALine = 32;

  std::uint64_t Number(std::size_t offset, std::size_t width) const {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i) value = value << 8 | input_[at_ + offset + i];
    return value;
  }
  void Line(std::size_t depth, const std::string& bytes, const std::string& comment) {
    std::string line(2 * depth, ' ');
    line += bytes;
    if (!comment.empty()) {
      line.resize(std::max(line.size() + 2, kCommentColumn), ' ');
      line += "# " + comment;
    }
    out_ += line + "\n";
  }
  std::string Head(std::size_t size) {
    std::string head = ToHex(input_.subspan(at_, size));
    at_ += size;
    return head;
  }

  void Value(std::size_t depth) {
    const std::uint8_t head = input_[at_];
    const std::string label = next_label_ < labels_.size() ? labels_[next_label_++] : "?";
    if (head < 0x80) {
      Scalar(depth, 0, head, label);
    } else if (head >= 0xcc && head <= 0xcf) {
      const std::size_t width = std::size_t{1} << (head - 0xcc);
      Scalar(depth, width, Number(1, width), label);
    } else if (head == 0xc0 || head == 0xc2 || head == 0xc3) {
      Line(depth, Head(1), label);
    } else if (head >= 0x90 && head <= 0x9f) {
      Array(depth, 0, head & 15U, label);
    } else if (head == 0xdc) {
      Array(depth, 2, Number(1, 2), label);
    } else if (head >= 0xa0 && head <= 0xbf) {
      Text(depth, 0, head & 31U, label);
    } else if (head >= 0xd9 && head <= 0xdb) {
      const std::size_t width = std::size_t{1} << (head - 0xd9);
      Text(depth, width, Number(1, width), label);
    } else {
      SCHAKEL_ASSERT(head >= 0xc4 && head <= 0xc6);
      const std::size_t width = std::size_t{1} << (head - 0xc4);
      Binary(depth, width, Number(1, width), label);
    }
  }

  // A label that says what the number means ("kind: note") needs no number.
  void Scalar(std::size_t depth, std::size_t width, std::uint64_t value, const std::string& label) {
    const bool tells = label.find(':') != std::string::npos || width == 0;
    Line(depth, Head(1 + width), tells ? label : label + ", " + std::to_string(value));
  }
  void Array(std::size_t depth, std::size_t width, std::uint64_t count, const std::string& label) {
    Line(depth, Head(1 + width), label);
    for (std::uint64_t i = 0; i < count; ++i) Value(depth + 1);
  }
  void Text(std::size_t depth, std::size_t width, std::size_t size, const std::string& label) {
    const std::string head = Head(1 + width);
    const std::string text(AsText(input_.subspan(at_, size)));
    const bool shown = size > 0 && size <= 64 && text.find('\n') == std::string::npos;
    Payload(depth, head, size, shown ? label + ", \"" + text + "\"" : label);
  }
  void Binary(std::size_t depth, std::size_t width, std::size_t size, const std::string& label) {
    Payload(depth, Head(1 + width), size, label);
  }
  void Payload(std::size_t depth, const std::string& head, std::size_t size, const std::string& comment) {
    const ByteView bytes = input_.subspan(at_, size);
    at_ += size;
    for (const auto& [name, known] : known_) {
      if (size > kBytesALine && Equal(bytes, known)) return Line(depth, head + " <" + name + ">", comment);
    }
    if (size <= kBytesALine) return Line(depth, size == 0 ? head : head + " " + ToHex(bytes), comment);
    Line(depth, head, comment);
    for (std::size_t i = 0; i < size; i += kBytesALine) {
      Line(depth + 1, ToHex(bytes.subspan(i, std::min(kBytesALine, size - i))), "");
    }
  }

  ByteView input_;
  const std::vector<std::string>& labels_;
  const Known& known_;
  std::size_t at_ = 0;
  std::size_t next_label_ = 0;
  std::string out_;
};

// Bytes without structure.
inline std::string HexLines(ByteView bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 32) {
    out += ToHex(bytes.subspan(i, std::min<std::size_t>(32, bytes.size() - i))) + "\n";
  }
  return out;
}

}  // namespace schakel::test
