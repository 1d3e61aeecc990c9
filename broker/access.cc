#include "access.h"

#include <algorithm>
#include <map>
#include <set>

#include "broker/routed.h"
#include "broker/withheld_late.h"
#include "protocol/discretion.h"

namespace schakel {
namespace {

constexpr std::size_t kProofBytes = 32 * 40;
constexpr std::size_t kPlaceBytes = 400;
// What is shared again, and again: what lies further is not looked for.
constexpr std::size_t kRepeatsMax = 256;
constexpr std::size_t kSharedOnMax = 16;

class AccessSearch {
 public:
  AccessSearch(const Log& log, const ReadTask::ShowAccess& task, std::uint64_t size, std::size_t bytes_max)
      : log_(log), task_(task), size_(size), bytes_max_(bytes_max) {}

  Result<AccessPage> Run() {
    SCHAKEL_TRY(FindWanted());
    const Bytes key = AccessKey(task_.query.trajectory, task_.query.record);
    constexpr auto table = static_cast<std::uint8_t>(Table::kAccess);
    SCHAKEL_ASSIGN(auto row, log_.FindListRow(table, key, task_.query.after.value()));
    Status looked;
    SCHAKEL_TRY(log_.ReadList(table, key, row ? row->first : 0, [&](std::uint64_t, ByteView value) {
      looked = LookAt(value);
      return looked && !page_.more;
    }));
    SCHAKEL_TRY(looked);
    return std::move(page_);
  }

 private:
  // Who looks at a record shared again looks at what it repeats.
  Status FindWanted() {
    if (IsNone(task_.query.record)) return {};
    std::vector<RecordId> found{task_.query.record};
    for (std::size_t i = 0; i < found.size() && found.size() < kRepeatsMax; ++i) {
      wanted_.insert(found[i]);
      const RecordId one = found[i];
      SCHAKEL_TRY(log_.ReadList(static_cast<std::uint8_t>(Table::kRepeats), ByteView(one.value()), 0,
                                [&](std::uint64_t, ByteView value) {
                                  Id128 id{};
                                  if (value.size() == id.size()) std::copy(value.begin(), value.end(), id.begin());
                                  found.emplace_back(id);
                                  return found.size() < kRepeatsMax;
                                }));
    }
    wanted_.insert(found.begin(), found.end());
    for (const RecordId& one : wanted_) prefixes_.insert(PrefixOf(one));
    return {};
  }

  // One row of the list.
  Status LookAt(ByteView row) {
    SCHAKEL_ASSIGN(const auto items, DecodeAccessRow(row));
    const bool all = IsNone(task_.query.record);
    for (const AccessItem& item : items) {
      if (item.sequence <= task_.query.after || item.sequence.value() > size_) continue;
      if (!all && item.record_prefix != 0 && !prefixes_.contains(item.record_prefix)) continue;
      SCHAKEL_TRY(Look(item.sequence));
      if (page_.more) break;
    }
    return {};
  }

  // Erased, or not to be read: its hash stays in the tree, there is nothing to show.
  static Status PassOver(const Error& error) {
    return error.code == Code::kUnavailable ? Status(std::unexpected(error)) : Status();
  }

  Status Look(Sequence sequence) {
    auto stored = log_.Get(sequence);
    if (!stored) return PassOver(stored.error());
    auto entry = DecodeEntry(stored->entry);
    std::vector<AccessPage::Shown> shown;
    if (entry && std::holds_alternative<RoutingEntry>(entry->body)) {
      auto routed = ReadRouted(log_, *stored);
      if (!routed) return PassOver(routed.error());
      for (RoutedEntry& one : *routed) {
        if (!IsAbout(one.entry) || !MaySee(one.entry)) continue;
        shown.push_back({sequence, std::move(one.bytes), one.salt, std::move(one.place)});
      }
    } else if (entry && IsAbout(*entry) && MaySee(*entry)) {
      shown.push_back({sequence, std::move(stored->entry), stored->salt, std::nullopt});
    }
    Show(std::move(shown));
    return {};
  }

  void Show(std::vector<AccessPage::Shown> shown) {
    if (shown.empty()) return;
    // There is more only if there is more that may be shown: else the answer would tell of the rest.
    page_.more = places_ >= task_.query.limit || bytes_ >= bytes_max_;
    if (page_.more) return;
    ++places_;
    for (AccessPage::Shown& one : shown) {
      bytes_ += one.entry.size() + kProofBytes + (one.place ? kPlaceBytes : 0);
      page_.entries.push_back(std::move(one));
    }
  }

  static std::optional<Header> HeaderOf(const Entry& entry) {
    const auto* record = std::get_if<RecordEntry>(&entry.body);
    if (!record) return std::nullopt;
    auto header = DecodeHeader(record->header);
    return header ? std::optional(std::move(*header)) : std::nullopt;
  }

  bool IsAbout(const Entry& entry) {
    const RecordId& wanted = task_.query.record;
    if (IsNone(wanted)) return true;
    if (const auto* delivery = std::get_if<DeliveryEntry>(&entry.body)) return wanted_.contains(delivery->record);
    if (const auto* denial = std::get_if<DenialEntry>(&entry.body)) return wanted_.contains(denial->record);
    // A question about the whole trajectory is a question about each of its records.
    if (const auto* session = std::get_if<SessionEntry>(&entry.body)) {
      const bool of_all = IsNone(session->record) && session->event == SessionEvent::kQuery;
      return of_all || session->record == wanted;
    }
    if (const auto* answer = std::get_if<AnswerEntry>(&entry.body)) {
      return IsNone(answer->record) || answer->record == wanted;
    }
    const auto header = HeaderOf(entry);
    if (!header) return false;
    if (wanted_.contains(header->id)) return true;
    const auto* views = std::get_if<Views>(&header->control);
    return views && std::any_of(views->views.begin(), views->views.end(),
                                [&](const View& view) { return wanted_.contains(view.record); });
  }

  bool MaySee(const Entry& entry) {
    if (task_.trajectory && task_.trajectory->lead == task_.asker) return true;
    if (const auto* delivery = std::get_if<DeliveryEntry>(&entry.body)) {
      if (delivery->recipient == task_.asker) return true;
      // Who got it is for its author to know; which agreement ended is between the lead and the recipient.
      const bool tells = delivery->withheld && TellsOfGrants(*delivery->withheld);
      return !tells && Wrote(delivery->record_sequence) && MayKnow(delivery->recipient) && !TellsLater(*delivery);
    }
    if (const auto* denial = std::get_if<DenialEntry>(&entry.body)) {
      // It has the position in its feed, so it may know why there is nothing there.
      if (denial->recipient == task_.asker && IsLate(*denial)) return true;
      return !TellsOfGrants(denial->reason) && Wrote(denial->record_sequence) && MayKnow(denial->recipient);
    }
    if (const auto* session = std::get_if<SessionEntry>(&entry.body)) return session->organisation == task_.asker;
    if (const auto* answer = std::get_if<AnswerEntry>(&entry.body)) {
      // What it was told while it held the lead counts deliveries that it is not shown any more.
      return answer->asker == task_.asker &&
             std::ranges::all_of(answer->counts, [&](const auto& count) { return count.recipient == task_.asker; });
    }
    const auto header = HeaderOf(entry);
    if (!header) return false;
    if (header->author == task_.asker) return true;
    // Shown whole: it must not give away records that the asker may not know of by what it refers to.
    if (RepeatedBy(*header)) return Wrote(entry.sequence);
    // Who took the lead over from it: so whoever reads the answer sees that it is no answer to the lead any more.
    const auto* accept = std::get_if<LeadAccept>(&header->control);
    if (accept) return WroteRecord(accept->offer);
    const auto* views = std::get_if<Views>(&header->control);
    if (!views || !MayKnow(header->author)) return false;
    // An entry is shown whole or not at all: it must not give away records that the asker may not know of.
    return std::all_of(views->views.begin(), views->views.end(),
                       [&](const View& view) { return WroteRecord(view.record); });
  }

  bool IsLate(const DenialEntry& denial) const {
    const auto late = FindWithheldLate(log_, denial.record_sequence, denial.recipient);
    return late && *late;
  }
  // What came after it says which agreement ended; without that, it would say that content was handed over.
  bool TellsLater(const DeliveryEntry& delivery) const {
    const auto late = FindWithheldLate(log_, delivery.record_sequence, delivery.recipient);
    return !late || (*late && TellsOfGrants(**late));
  }

  // Without a trajectory the author addressed the recipients itself.
  bool MayKnow(const OrgId& other) const { return !task_.trajectory || task_.trajectory->MayKnow(task_.asker, other); }

  // The record that stands there, or all that it refers to, if it repeats one of those: what is told of it is told with
  // the record itself, so that whoever checks the answer sees how it belongs there.
  bool Wrote(Sequence record) {
    const auto known = wrote_.find(record);
    if (known != wrote_.end()) return known->second;
    const bool wrote = LookWhoWrote(record) && RefersToNoOthers(record);
    wrote_[record] = wrote;
    return wrote;
  }
  bool RefersToNoOthers(Sequence record) {
    const auto header = HeaderAt(record);
    if (!header) return false;
    if (header->author == task_.asker) return true;
    return std::ranges::all_of(header->references, [&](const RecordId& one) {
      const auto at = SequenceOf(one);
      return at && *at < record && Wrote(*at);  // Each step goes back.
    });
  }

  bool LookWhoWrote(Sequence record) const {
    std::optional<Sequence> at = record;
    for (std::size_t times = 0; at && times <= kSharedOnMax; ++times) {
      const auto header = HeaderAt(*at);
      if (!header) return false;
      if (header->author == task_.asker) return true;
      // Through nobody whom the asker may not know of, and to somebody whom it may: that it was shared at all would
      // else tell of the others. Of a file the attachment tells, its pieces do not.
      const auto repeated = header->kind == Kind::kAttachmentChunk ? std::nullopt : RepeatedBy(*header);
      if (!repeated || header->trajectory != task_.query.trajectory || !MayKnow(header->author)) return false;
      if (!ReachedSomebodyKnown(*at, header->id)) return false;
      at = SequenceOf(*repeated);
    }
    return false;
  }

  bool ReachedSomebodyKnown(Sequence record, const RecordId& id) const {
    constexpr auto table = static_cast<std::uint8_t>(Table::kAccess);
    const Bytes key = AccessKey(task_.query.trajectory, id);
    const auto row = log_.FindListRow(table, key, record.value());
    if (!row) return false;
    bool reached = false;
    const Status read = log_.ReadList(table, key, *row ? (*row)->first : 0, [&](std::uint64_t, ByteView value) {
      const auto items = DecodeAccessRow(value);
      if (!items) return false;
      for (const AccessItem& item : *items) {
        const bool is_of_it = item.record_prefix == PrefixOf(id) && item.sequence > record;
        reached = reached || (is_of_it && item.sequence.value() <= size_ && HandedToSomebodyKnown(item.sequence, id));
      }
      return !reached;
    });
    return read && reached;
  }

  bool HandedToSomebodyKnown(Sequence sequence, const RecordId& id) const {
    const auto stored = log_.Get(sequence);
    const auto entry = stored ? DecodeEntry(stored->entry) : Fail(Code::kNotFound, "log.entry");
    if (!entry) return false;
    const auto is_handed = [&](const Entry& one) {
      const auto* delivery = std::get_if<DeliveryEntry>(&one.body);
      return delivery != nullptr && delivery->record == id && !delivery->withheld && MayKnow(delivery->recipient) &&
             !TellsLater(*delivery);
    };
    if (!std::holds_alternative<RoutingEntry>(entry->body)) return is_handed(*entry);
    const auto routed = ReadRouted(log_, *stored);
    return routed && std::ranges::any_of(*routed, [&](const RoutedEntry& one) { return is_handed(one.entry); });
  }

  std::optional<Header> HeaderAt(Sequence record) const {
    const auto stored = log_.Get(record);
    const auto entry = stored ? DecodeEntry(stored->entry) : Fail(Code::kNotFound, "log.entry");
    return entry ? HeaderOf(*entry) : std::nullopt;
  }

  std::optional<Sequence> SequenceOf(const RecordId& record) const {
    const auto row = log_.FindRow(static_cast<std::uint8_t>(Table::kRecord), record.value());
    if (!row || !*row) return std::nullopt;
    const auto decoded = DecodeRecordRow(**row);
    return decoded ? std::optional(decoded->sequence) : std::nullopt;
  }

  bool WroteRecord(const RecordId& record) {
    const auto sequence = SequenceOf(record);
    return sequence && Wrote(*sequence);
  }

  const Log& log_;
  const ReadTask::ShowAccess& task_;
  const std::uint64_t size_;
  const std::size_t bytes_max_;
  AccessPage page_;
  std::uint64_t places_ = 0;  // Leaves that the page shows something of.
  std::size_t bytes_ = 0;
  std::set<RecordId> wanted_;  // Empty: all.
  std::set<std::uint64_t> prefixes_;
  std::map<Sequence, bool> wrote_;
};

}  // namespace

Result<AccessPage> ReadAccess(const Log& log, const ReadTask::ShowAccess& task, std::uint64_t size,
                              std::size_t bytes_max) {
  return AccessSearch(log, task, size, bytes_max).Run();
}

}  // namespace schakel
