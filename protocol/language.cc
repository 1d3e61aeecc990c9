#include "protocol/language.h"

#include <string>

namespace schakel {
namespace {

constexpr InLanguages<std::string_view> kSlugs = {"nl", "en", "fr"};

}  // namespace

std::string_view Slug(Language language) { return kSlugs.In(language); }

Result<Language> ParseLanguage(std::string_view slug) {
  std::string allowed;
  for (const Language language : kLanguages) {
    if (slug == Slug(language)) return language;
    allowed.append(allowed.empty() ? "choose one of: " : ", ").append(Slug(language));
  }
  return Fail(Code::kInvalid, "vocabulary.language", {}, allowed);
}

}  // namespace schakel
