#include "file_types.h"

#include <magic.h>

#include <algorithm>
#include <array>
#include <memory>

#include "office_parts.h"
#include "plain_text.h"

namespace schakel {
namespace {

constexpr std::size_t kFileNameBytesMax = 200;

// Nothing that runs, and nothing that a browser would run: no HTML, no SVG, no archives, no macros.
struct FileType {
  const char* media_type;
  std::vector<std::string_view> endings;
  std::vector<std::string_view> found;  // What libmagic calls it.
  bool office = false;                  // An archive with a known inside.
  const char* main_part = nullptr;      // Which libmagic does not find wherever it stands: its name.
};
const std::vector<FileType>& FileTypes() {
  static const std::vector<FileType> types = {
      {"application/pdf", {"pdf"}, {"application/pdf"}},
      {"image/png", {"png"}, {"image/png"}},
      {"image/jpeg", {"jpg", "jpeg"}, {"image/jpeg"}},
      {"image/gif", {"gif"}, {"image/gif"}},
      {"image/webp", {"webp"}, {"image/webp"}},
      {"text/plain", {"txt"}, {"text/plain", "text/csv", "application/csv"}},
      {"text/csv", {"csv"}, {"text/csv", "application/csv", "text/plain"}},
      {"application/rtf", {"rtf"}, {"text/rtf", "application/rtf"}},
      {"application/vnd.oasis.opendocument.text", {"odt"}, {"application/vnd.oasis.opendocument.text"}, true},
      {"application/vnd.oasis.opendocument.spreadsheet",
       {"ods"},
       {"application/vnd.oasis.opendocument.spreadsheet"},
       true},
      {"application/vnd.oasis.opendocument.presentation",
       {"odp"},
       {"application/vnd.oasis.opendocument.presentation"},
       true},
      {"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
       {"docx"},
       {"application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
       true,
       "word/document.xml"},
      {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
       {"xlsx"},
       {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
       true,
       "xl/workbook.xml"},
      {"application/vnd.openxmlformats-officedocument.presentationml.presentation",
       {"pptx"},
       {"application/vnd.openxmlformats-officedocument.presentationml.presentation"},
       true,
       "ppt/presentation.xml"},
      {"audio/mp4", {"m4a"}, {"audio/x-m4a", "audio/mp4", "video/mp4"}},
      {"audio/mpeg", {"mp3"}, {"audio/mpeg"}},
      {"audio/ogg", {"ogg", "oga", "opus"}, {"audio/ogg"}},
      {"video/mp4", {"mp4", "m4v"}, {"video/mp4", "video/x-m4v"}},
      {"video/webm", {"webm"}, {"video/webm"}},
  };
  return types;
}

bool IsInvisible(char32_t c) {
  const bool control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
  const bool turns = c == 0x61C || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
                     (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || c == 0xAD;
  return control || turns;
}

std::string EndingOf(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  std::string ending(dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1));
  std::ranges::transform(ending, ending.begin(),
                         [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 0x20 : c); });
  return ending;
}

std::string AllEndings() {
  std::string all;
  for (const FileType& type : FileTypes()) {
    for (const std::string_view ending : type.endings) all.append(all.empty() ? "" : ", ").append(ending);
  }
  return all;
}

const FileType* FindType(std::string_view media_type) {
  const auto found = std::ranges::find(FileTypes(), media_type, &FileType::media_type);
  return found == FileTypes().end() ? nullptr : &*found;
}

Result<std::string> Recognised(ByteView head) {
  struct Close {
    void operator()(magic_t cookie) const { magic_close(cookie); }
  };
  const std::unique_ptr<magic_set, Close> cookie(magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS));
  const char* found = nullptr;
  if (cookie != nullptr && magic_load(cookie.get(), nullptr) == 0) {
    found = magic_buffer(cookie.get(), head.data(), head.size());
  }
  if (found == nullptr) {
    return Fail(Code::kUnavailable, "attachment.magic", {}, "install the descriptions of file types (libmagic)");
  }
  return std::string(found);
}

}  // namespace

Result<std::string> CleanFileName(std::string_view name) {
  const auto bad = [] { return Fail(Code::kInvalid, "attachment.name", "name", "give a file name of 1 to 200 bytes"); };
  if (!IsUtf8(name)) return bad();
  if (const std::size_t slash = name.find_last_of("/\\"); slash != std::string_view::npos) {
    name.remove_prefix(slash + 1);
  }
  std::string clean;
  for (std::size_t at = 0; at < name.size();) {
    const auto [character, size] = CharacterAt(name, at);
    const bool reserved = character < 0x80 && std::string_view("<>:\"|?*").contains(static_cast<char>(character));
    if (reserved) {
      clean += '_';
    } else if (!IsInvisible(character)) {
      clean += name.substr(at, size);
    }
    at += size;
  }
  while (clean.ends_with(' ') || clean.ends_with('.')) clean.pop_back();
  clean.erase(0, clean.find_first_not_of(" ."));
  if (clean.empty() || clean.size() > kFileNameBytesMax) return bad();
  return clean;
}

Result<std::string> FileTypeOf(std::string_view name, std::string_view declared) {
  const std::string ending = EndingOf(name);
  for (const FileType& type : FileTypes()) {
    if (std::ranges::find(type.endings, ending) == type.endings.end()) continue;
    if (declared.empty() || declared == type.media_type) return std::string(type.media_type);
    return Fail(Code::kInvalid, "attachment.media_type", "media_type",
                std::string("leave it out, or give ") + type.media_type);
  }
  return Fail(Code::kInvalid, "attachment.ending", "name", "save it as one of: " + AllEndings());
}

Status CheckFileContent(std::string_view media_type, ByteView head, ByteView tail) {
  const auto other = [] {
    return Fail(Code::kInvalid, "attachment.content", "name", "save it in the form that its name says, without macros");
  };
  const FileType* type = FindType(media_type);
  if (type == nullptr) return other();
  SCHAKEL_ASSIGN(const std::string found, Recognised(head));
  // An office file lists its parts at its end: with a program among them it is another kind of file.
  const auto parts = type->office ? OfficeParts::Of(head, tail) : std::nullopt;
  if (type->office && (!parts || parts->Runs())) return other();
  if (type->main_part != nullptr && !parts->Has("[Content_Types].xml")) return other();
  const bool archive = (found == "application/zip" || found == "application/octet-stream") &&
                       type->main_part != nullptr && parts->Has(type->main_part);
  if (!archive && std::ranges::find(type->found, found) == type->found.end()) return other();
  // Text without a zero byte, in the beginning that was looked at.
  if (IsPlainText(media_type) && AsText(head).contains('\0')) return other();
  return {};
}

void RunFinder::Add(ByteView piece) {
  if (!looks_ || found_) return;
  // Names of the PDF specification (ISO 32000-1, 12.6.4).
  constexpr std::array<std::string_view, 2> kNames = {"/JavaScript", "/Launch"};
  // A page that is a document as well: whoever opens it in a browser could run it. In small letters, as any may be.
  constexpr std::array<std::string_view, 4> kPages = {"<html", "<script", "<iframe", "<!doctype"};
  constexpr std::size_t kLongest = kNames.front().size();
  const std::string text = rest_ + std::string(AsText(piece));
  std::string small = text;
  std::ranges::transform(small, small.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 0x20) : c; });
  found_ = std::ranges::any_of(kNames, [&](std::string_view name) { return text.contains(name); }) ||
           std::ranges::any_of(kPages, [&](std::string_view page) { return small.contains(page); });
  rest_ = text.substr(text.size() - std::min(text.size(), kLongest - 1));
}

bool IsPlainText(std::string_view media_type) { return media_type == "text/plain" || media_type == "text/csv"; }

}  // namespace schakel
