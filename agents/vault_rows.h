// How the rows of the vault are encoded: one pair of functions a row. Each is an array that starts with its version.
//
// Errors: kCorrupt ("vault.row", with the row's name) from every Decode. Threads: pure.
#pragma once

#include "agents/vault.h"

namespace schakel::vault_rows {

Bytes EncodeMembership(const Membership& membership);
Result<Membership> DecodeMembership(ByteView bytes);
Bytes EncodeCursor(const FeedCursor& cursor);
Result<FeedCursor> DecodeCursor(ByteView bytes);
Bytes EncodeSeen(const SeenHead& seen);
Result<SeenHead> DecodeSeen(ByteView bytes);
Bytes EncodeError(const Error& error);
Result<Error> DecodeError(ByteView bytes);
Bytes EncodeRecord(const StoredRecord& record);
Result<StoredRecord> DecodeRecord(ByteView bytes);
Bytes EncodeContent(const StoredContent& content);
Result<StoredContent> DecodeContent(ByteView bytes);
Bytes EncodeWithheld(const WithheldMark& mark);
Result<WithheldMark> DecodeWithheld(ByteView bytes);
Bytes EncodeHidden(const HiddenItem& item);
Result<HiddenItem> DecodeHidden(ByteView bytes);
Bytes EncodeAlarm(const Alarm& alarm);
Result<Alarm> DecodeAlarm(ByteView bytes);
Bytes EncodeView(const StoredView& view);
Result<StoredView> DecodeView(ByteView bytes);
Bytes EncodeContentScope(const ContentScope& scope);
Result<ContentScope> DecodeContentScope(ByteView bytes);
Bytes EncodeSealed(const SealedItem& sealed);
Result<SealedItem> DecodeSealed(ByteView bytes);
Bytes EncodeUnsealing(const Unsealing& unsealing);
Result<Unsealing> DecodeUnsealing(ByteView bytes);
Bytes EncodeErasure(const Erasure& erasure);
Result<Erasure> DecodeErasure(ByteView bytes);
Bytes EncodeNumber(std::uint64_t number);
Result<std::uint64_t> DecodeNumber(ByteView bytes);

}  // namespace schakel::vault_rows
