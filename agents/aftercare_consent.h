// Of what is said about a contact for after the help: on which one consent it rests (docs/methods.md). The law of the
// grants knows the purpose and the category, not the contact; what was taken back is sealed by this. Pure.
#pragma once

#include "protocol/record.h"

namespace schakel {

// The consent stands last: behind the version that a later one takes the place of, behind the contact that was done.
// None: it rests on none of its own.
inline RecordId OwnConsentOf(const Header& header) {
  const bool contact = header.kind == Kind::kAftercareContact;
  const bool done = header.kind == Kind::kContactMoment && header.purpose == Purpose::kAftercare;
  if (!contact && !done) return {};
  const std::size_t behind = contact && header.thread == header.id ? 0 : 1;
  return header.references.size() > behind ? header.references.back() : RecordId();
}

}  // namespace schakel
