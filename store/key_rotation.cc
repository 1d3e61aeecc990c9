#include "key_rotation.h"

namespace schakel {
namespace {

constexpr const char* kKeysRule = "store.keys";

Status WriteKeys(const StoreFolder& folder) {
  return ReplaceFile(folder.File("keys"), folder.ring.Encode(), kKeysRule);
}
Status WriteKeysOverOld(const StoreFolder& folder) {
  return ReplaceSecretFile(folder.File("keys"), folder.ring.Encode(), kKeysRule);
}

}  // namespace

Status FinishMoving(StoreFolder& folder) {
  if (folder.ring.generation_count() == 1) return {};
  SCHAKEL_TRY(folder.keys.Rewrap());
  folder.ring.DropOldGenerations();
  return WriteKeysOverOld(folder);
}

Status EraseScopes(StoreFolder& folder, std::span<const DataScope> scopes) {
  for (const DataScope& scope : scopes) {
    if (scope == kCommonScope) return Fail(Code::kInvalid, "store.erase", {}, "name the scopes to erase");
  }
  // First: whatever happens next, what was asked for is known.
  SCHAKEL_TRY(folder.keys.Bury(scopes));
  SCHAKEL_TRY(folder.ring.AddGeneration());
  if (Status written = WriteKeys(folder); !written) {
    folder.ring.DropNewestGeneration();
    return written;
  }
  return FinishMoving(folder);
}

Status ChangeMasterKey(StoreFolder& folder, const MasterKeySource& source, Random& random) {
  SCHAKEL_TRY(folder.ring.ChangeMaster(source, random));
  return WriteKeysOverOld(folder);
}

}  // namespace schakel
