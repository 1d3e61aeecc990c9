#include "exceptions.h"

#include <algorithm>

namespace schakel {
namespace {

// By the log's order; what still waits comes last.
bool IsBefore(const HeldRecord& a, const HeldRecord& b) {
  const auto place = [](const HeldRecord& held) {
    return std::pair(held.sequence.value() == 0 ? ~std::uint64_t{0} : held.sequence.value(), held.at);
  };
  return place(a) < place(b);
}

Exception Inside(const TypedBody& body) {
  if (const auto* marked = std::get_if<MarkedBody>(&body)) return marked->exception;
  const auto* shared = std::get_if<SharedAgainBody>(&body);
  if (shared == nullptr) return Exception::kNone;
  const auto inner = DecodeBody({shared->type, shared->version, shared->content});
  const auto* marked = inner ? std::get_if<MarkedBody>(&*inner) : nullptr;
  return marked == nullptr ? Exception::kNone : marked->exception;
}

}  // namespace

std::map<RecordId, Exception> ExceptionsOf(const Engine& engine, const TrajectoryId& id) {
  std::vector<HeldRecord> records;
  engine.Records([&](const HeldRecord& held) {
    const bool counts = held.state != RecordState::kRefused && held.header.kind != Kind::kAttachmentChunk;
    if (held.header.trajectory == id && counts) records.push_back(held);
    return true;
  });
  std::ranges::stable_sort(records, &IsBefore);
  std::map<RecordId, OrgId> authors;
  for (const HeldRecord& held : records) authors.emplace(held.header.id, held.header.author);
  std::map<RecordId, Exception> exceptions;
  std::map<RecordId, RecordId> repeats;
  struct Mark {
    RecordId id;
    RecordId of;
    Exception exception = Exception::kNone;
  };
  std::vector<Mark> marks;
  std::map<RecordId, std::vector<RecordId>> pieces;  // Of files.
  for (const HeldRecord& held : records) {
    const Header& header = held.header;
    const auto body = engine.Open(header.id);
    const auto typed = body ? DecodeBody(*body) : Result<TypedBody>(std::unexpected(body.error()));
    // A body that is newer than this program may be marked in a way that it cannot read.
    if (!typed || std::holds_alternative<UnknownBody>(*typed)) continue;
    if (header.kind == Kind::kExceptionMark) {
      const auto* mark = std::get_if<MarkedBody>(&*typed);
      const auto of = header.references.empty() ? authors.end() : authors.find(header.references.front());
      if (mark != nullptr && of != authors.end() && of->second == header.author) {
        marks.push_back({header.id, of->first, mark->exception});
      }
      continue;
    }
    exceptions[header.id] = Inside(*typed);
    const TypedBody whole = Unmarked(*typed);
    if (const auto* file = std::get_if<AttachmentBody>(&whole)) {
      pieces[header.id] = ChunksOf(*file);
      if (const auto first = DecodeHeader(file->first)) repeats[header.id] = first->id;
    }
    if (header.kind == Kind::kShareAgain && !header.references.empty()) {
      repeats[header.id] = header.references.front();
    }
  }
  for (const Mark& mark : marks) {
    if (exceptions.contains(mark.of)) exceptions[mark.of] = mark.exception;
  }
  // What a mark is about is as much under the exception as what it marks.
  for (const Mark& mark : marks) {
    auto found = exceptions.find(mark.of);
    if (found != exceptions.end()) exceptions[mark.id] = found->second;
  }
  for (const auto& [repeat, original] : repeats) {
    auto found = exceptions.find(original);
    if (found != exceptions.end() && found->second != Exception::kNone) exceptions[repeat] = found->second;
  }
  // The pieces of a file are under what the file is under; only those that its author wrote are its pieces.
  for (const auto& [file, of_it] : pieces) {
    for (const RecordId& id_of_piece : of_it) {
      const auto held = engine.Find(id_of_piece);
      if (!held || held->header.kind != Kind::kAttachmentChunk || held->header.author != authors.at(file)) continue;
      exceptions[id_of_piece] = exceptions.at(file);
    }
  }
  return exceptions;
}

}  // namespace schakel
