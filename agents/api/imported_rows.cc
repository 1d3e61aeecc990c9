#include "imported_rows.h"

#include "protocol/codec.h"

namespace schakel {
namespace {
constexpr char kUnderWay = '?';  // Behind the id.
}

Bytes EncodeImported(const Imported& one) {
  std::string text = ToText(one.trajectory);
  if (!one.done) text += kUnderWay;
  return ToBytes(AsBytes(text));
}

Result<Imported> DecodeImported(ByteView bytes) {
  std::string_view text = AsText(bytes);
  Imported one{{}, !text.ends_with(kUnderWay)};
  if (!one.done) text.remove_suffix(1);
  auto id = ParseId<TrajectoryId>(text);
  if (!id) return Fail(Code::kCorrupt, "vault.row", "import", "check the vault with: schakel-agent check");
  one.trajectory = *id;
  return one;
}

}  // namespace schakel
