#include "people/passwords.h"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "protocol/bytes.h"

namespace schakel {

namespace embedded {
extern const std::string_view common_passwords_txt;
}  // namespace embedded

namespace {

std::string Lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 0x20 : c); });
  return out;
}

std::size_t Characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) { return (c & 0xC0) != 0x80; }));
}

bool IsCommon(std::string_view lower) {
  std::string_view lines = embedded::common_passwords_txt;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    if (line == lower) return true;
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
  }
  return false;
}

// "aaaaaaaaaaaa", "abcabcabcabc"; "123456789012", "lkjihgfedcba".
bool IsPattern(std::string_view text) {
  for (std::size_t period = 1; period <= 4; ++period) {
    bool repeats = true;
    for (std::size_t i = period; i < text.size(); ++i) repeats = repeats && text[i] == text[i - period];
    if (repeats) return true;
  }
  bool rises = true;
  bool falls = true;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const bool wraps_up = text[i - 1] == '9' && text[i] == '0';
    const bool wraps_down = text[i - 1] == '0' && text[i] == '9';
    rises = rises && (text[i] == text[i - 1] + 1 || wraps_up);
    falls = falls && (text[i] == text[i - 1] - 1 || wraps_down);
  }
  return rises || falls;
}

// What is left of it without the words that lie at hand is no password any more.
bool IsAtHand(std::string lower, const std::vector<std::string>& about) {
  for (const std::string& word : about) {
    const std::string part = Lower(word);
    if (part.size() < 4) continue;
    for (std::size_t at = lower.find(part); at != std::string::npos; at = lower.find(part))
      lower.erase(at, part.size());
  }
  return Characters(lower) < kPasswordCharactersMin / 2;
}

}  // namespace

Status CheckPassword(std::string_view password, const std::vector<std::string>& about) {
  if (!IsUtf8(password)) return Fail(Code::kInvalid, "password.text", "password", "send it as UTF-8");
  if (Characters(password) < kPasswordCharactersMin) {
    return Fail(Code::kInvalid, "password.short", "password", "choose at least 12 characters, such as four words");
  }
  if (password.size() > kPasswordBytesMax) {
    return Fail(Code::kInvalid, "password.long", "password", "choose at most 256 bytes");
  }
  const std::string lower = Lower(password);
  if (IsCommon(lower) || IsPattern(lower) || IsAtHand(lower, about)) {
    return Fail(Code::kInvalid, "password.common", "password", "choose one that others do not think of first");
  }
  return {};
}

class PasswordHasher::Turn {
 public:
  explicit Turn(PasswordHasher& hasher) : hasher_(hasher) {
    std::unique_lock lock(hasher_.mutex_);
    hasher_.freed_.wait(lock, [&] { return hasher_.free_ > 0; });
    --hasher_.free_;
  }
  ~Turn() {
    std::lock_guard lock(hasher_.mutex_);
    ++hasher_.free_;
    hasher_.freed_.notify_one();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  PasswordHasher& hasher_;
};

Result<std::string> PasswordHasher::Hash(std::string_view password) {
  const Turn turn(*this);
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(), cost_.passes, cost_.memory_bytes,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return Fail(Code::kUnavailable, "password.memory", {}, "free 64 MiB of memory, then try again");
  }
  return std::string(out.data());
}

bool PasswordHasher::Matches(const std::string& hash, std::string_view password) {
  std::string against = hash;
  if (against.empty()) {
    {
      std::lock_guard lock(mutex_);
      against = nobody_;
    }
    if (against.empty()) {
      std::array<unsigned char, 32> random{};
      randombytes_buf(random.data(), random.size());
      against = Hash(ToHex(random)).value_or(std::string());
      std::lock_guard lock(mutex_);
      nobody_ = against;
    }
  }
  const Turn turn(*this);
  const bool fits = crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0;
  return fits && !hash.empty();
}

bool PasswordHasher::IsOutdated(const std::string& hash) const {
  return crypto_pwhash_str_needs_rehash(hash.c_str(), cost_.passes, cost_.memory_bytes) != 0;
}

}  // namespace schakel
