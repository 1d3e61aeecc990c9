#include "entity_tag.h"

#include "protocol/crypto.h"

namespace schakel {

std::string EntityTag(std::string_view body) {
  const Hash32 hash = Sha256(AsBytes(body));
  return '"' + ToHex(ByteView(hash).first(16)) + '"';
}

bool NamesEntityTag(std::string_view header, std::string_view tag) {
  bool found = false;
  ForEachPart(header, [&](std::string_view part) {
    if (part.starts_with("W/")) part.remove_prefix(2);
    found = found || part == tag || part == "*";
  });
  return found;
}

}  // namespace schakel
