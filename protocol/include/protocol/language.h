// The languages that people are spoken to in. A new one is named here, and then nothing compiles that lacks it: every
// text stands in an InLanguages, which is made of all of them or of none.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "protocol/result.h"

namespace schakel {

// Stored (what somebody wants mails in): append, never renumber.
enum class Language : std::uint8_t { kDutch, kEnglish, kFrench };
inline constexpr Language kLanguageLast = Language::kFrench;
inline constexpr std::array kLanguages = {Language::kDutch, Language::kEnglish, Language::kFrench};

// The same in each language.
template <typename T>
struct InLanguages {
  T dutch{};
  T english{};
  T french{};

  constexpr InLanguages() = default;
  constexpr InLanguages(T in_dutch, T in_english, T in_french)
      : dutch(std::move(in_dutch)), english(std::move(in_english)), french(std::move(in_french)) {}
  constexpr const T& In(Language language) const {
    switch (language) {
      case Language::kDutch:
        break;
      case Language::kEnglish:
        return english;
      case Language::kFrench:
        return french;
    }
    return dutch;
  }
  friend bool operator==(const InLanguages&, const InLanguages&) = default;
};

std::string_view Slug(Language language);  // "nl", "en", "fr": as BCP 47 has it.
// kInvalid ("vocabulary.language").
Result<Language> ParseLanguage(std::string_view slug);

}  // namespace schakel
