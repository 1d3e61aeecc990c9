#include "office_parts.h"

#include <zlib.h>

#include <algorithm>
#include <array>

namespace schakel {
namespace {

constexpr std::string_view kTypes = "[Content_Types].xml";
constexpr std::size_t kTypesBytesMax = 1U << 20;

constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kListedBytes = 46;
constexpr std::size_t kLocalBytes = 30;

unsigned Number(ByteView bytes, std::size_t at, std::size_t count) {
  unsigned value = 0;
  for (std::size_t i = count; i-- > 0;) value = value << 8 | static_cast<unsigned>(bytes[at + i]);
  return value;
}

// Where the last record of the archive stands: behind it comes its remark and nothing else.
std::optional<std::size_t> EndRecord(ByteView tail) {
  for (std::size_t left = kEndBytes; left <= tail.size(); ++left) {
    const std::size_t at = tail.size() - left;
    if (AsText(tail.subspan(at)).starts_with("PK\x05\x06") && Number(tail, at + 20, 2) == left - kEndBytes) return at;
  }
  return std::nullopt;
}

std::string Small(std::string_view text) {
  std::string small(text);
  std::ranges::transform(small, small.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 0x20) : c; });
  return small;
}

// Raw deflate (RFC 1951). None: it is none, or grows too large.
std::optional<std::string> Inflated(ByteView packed, std::size_t bytes_max) {
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return std::nullopt;
  std::string text(bytes_max, '\0');
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));  // It reads them only.
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  const int result = inflate(&stream, Z_FINISH);
  text.resize(text.size() - stream.avail_out);
  inflateEnd(&stream);
  if (result != Z_STREAM_END) return std::nullopt;
  return text;
}

}  // namespace

std::optional<OfficeParts> OfficeParts::Of(ByteView head, ByteView tail) {
  const auto end = EndRecord(tail);
  if (!end || !AsText(head).starts_with("PK\x03\x04")) return std::nullopt;
  const std::size_t count = Number(tail, *end + 10, 2);
  const std::size_t list_bytes = Number(tail, *end + 12, 4);
  const std::size_t list_at = Number(tail, *end + 16, 4);
  // The list ends where this record begins, so that says where in the file the tail begins.
  if (list_bytes > *end || list_at < *end - list_bytes) return std::nullopt;
  OfficeParts parts(head, tail, list_at - (*end - list_bytes));
  std::size_t at = *end - list_bytes;
  for (std::size_t i = 0; i < count; ++i) {
    if (at + kListedBytes > *end || !AsText(tail.subspan(at)).starts_with("PK\x01\x02")) return std::nullopt;
    Part part;
    part.method = Number(tail, at + 10, 2);
    part.packed_bytes = Number(tail, at + 20, 4);
    part.at = Number(tail, at + 42, 4);
    const std::size_t name_bytes = Number(tail, at + 28, 2);
    const std::size_t more = Number(tail, at + 30, 2) + Number(tail, at + 32, 2);
    if (at + kListedBytes + name_bytes + more > *end) return std::nullopt;
    part.name = AsText(tail.subspan(at + kListedBytes, name_bytes));
    parts.parts_.push_back(std::move(part));
    at += kListedBytes + name_bytes + more;
  }
  if (at != *end || parts.parts_.empty()) return std::nullopt;
  return parts;
}

bool OfficeParts::Has(std::string_view name) const {
  return std::ranges::any_of(parts_, [&](const Part& part) { return part.name == name; });
}

ByteView OfficeParts::From(std::size_t at) const {
  if (at >= tail_at_ && at - tail_at_ <= tail_.size()) return tail_.subspan(at - tail_at_);
  return at <= head_.size() ? head_.subspan(at) : ByteView{};
}

std::optional<std::string> OfficeParts::TextOf(const Part& part) const {
  const ByteView local = From(part.at);
  if (local.size() < kLocalBytes || !AsText(local).starts_with("PK\x03\x04")) return std::nullopt;
  const std::size_t before = kLocalBytes + Number(local, 26, 2) + Number(local, 28, 2);
  if (local.size() < before || local.size() - before < part.packed_bytes) return std::nullopt;
  const ByteView packed = local.subspan(before, part.packed_bytes);
  if (part.method == 0) return std::string(AsText(packed));
  return part.method == Z_DEFLATED ? Inflated(packed, kTypesBytesMax) : std::nullopt;
}

bool OfficeParts::Runs() const {
  // Of the formats of OpenDocument, and of older writers of the others.
  constexpr std::array<std::string_view, 3> kPlaces = {"basic/", "scripts/", "vbaproject.bin"};
  bool typed = false;
  for (const Part& part : parts_) {
    const std::string name = Small(part.name);
    if (std::ranges::any_of(kPlaces, [&](std::string_view place) { return name.contains(place); })) return true;
    if (name != Small(kTypes)) continue;
    // Of two of these nobody knows which one is read.
    const auto text = TextOf(part);
    if (typed || !text) return true;
    typed = true;
    // What each part is, whatever its name; in letters as they are, without which a word could be hidden from us.
    constexpr std::array<std::string_view, 5> kTypesThatRun = {"vbaproject", "vbadata", "macroenabled", "macrosheet",
                                                               "activex"};
    const std::string types = Small(*text);
    if (types.contains("&#") || types.contains("<!") || types.contains('\0')) return true;
    if (std::ranges::any_of(kTypesThatRun, [&](std::string_view type) { return types.contains(type); })) return true;
  }
  return false;
}

}  // namespace schakel
