// A time that a row of the vault may leave out: nil where there is none.
#pragma once

#include <optional>

#include "protocol/codec.h"

namespace schakel {

inline void PutTime(Encoder& to, const std::optional<Timestamp>& time) {
  if (time) {
    to.Time(*time);
  } else {
    to.Nil();
  }
}
inline std::optional<Timestamp> TakeTime(Decoder& from, const char* field) {
  if (from.Nil()) return std::nullopt;
  return from.Time(field);
}

}  // namespace schakel
