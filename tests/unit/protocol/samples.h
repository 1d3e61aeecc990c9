// One fixed example of each format: what the golden bytes hold, what docs/protocol.md shows, and where the fuzzers
// start from. They tell one small story: stappen-gent leads a trajectory, grants karus-gent something, writes a note to
// it and to politie-gent, and the second of the two may not have it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/archive.h"
#include "protocol/entry.h"
#include "protocol/evidence.h"
#include "protocol/record.h"
#include "protocol/registry.h"
#include "protocol/token.h"
#include "protocol/wire.h"
#include "support/memory_log.h"
#include "support/reencode.h"
#include "support/reference_seal.h"

namespace schakel::test {

// ---- The values ----

Header SampleNote();
// Statements, each with the name of its kind.
const std::vector<std::pair<std::string, Header>>& SampleStatementHeaders();
Body SampleBody();
Header SampleReveal();
Header SampleEnrolment();
Body SampleRevealBody();  // As body.h of the agents has it.
ContentKey SampleContentKey();
Draws SampleDraws();
const SealedRecord& SampleRecord();        // The note, sealed for karus-gent (slot 3) and politie-gent (slot 20).
const SealedRecord& SampleSecondRecord();  // The grant, sealed for nobody.
const MemoryLog& SampleLog();              // 1 registry, 2 session, 3 record, 4 delivery, 5 denial, 6 withheld,
                                           // 7 delivery with a number, 8 answer, 9 erasure, 10 operator,
                                           // 11 record, 12 its routing: a delivery in slot 3, a denial in slot 20.
OrgStatement SampleOrganisation();
RulesStatement SampleRules();
SignedStatement SampleSignedStatement();
Evidence SampleEvidence();
Evidence SampleWitnessedEvidence();  // Of version 2.
Evidence SampleRoutedEvidence();     // Of version 3.
Archive SampleArchive();             // Of SampleEvidence(), with what opens entry 3 of the log.
Invitation SampleInvitation();
PolicyState SamplePolicy();
PolicyState SamplePassedPolicy();              // The lead passed, and is on offer again.
PolicyState SamplePiecePolicy();               // A consent to one record.
PolicyState SamplePlacesPolicy();              // Places that partners asked for.
Message SampleMessage(std::string_view name);  // "hello", "submit", ..; request 7.
const std::vector<std::string>& SampleMessageNames();

// ---- The bytes ----

struct Sample {
  std::string name;  // Of the golden file and of the example in the document.
  Bytes bytes;
  Reencode reencode = nullptr;  // None: text, or a part of something.
  std::vector<std::string> labels =
      {};  // What each value is, in the order of the encoding; empty: not in the document.
};
const std::vector<Sample>& Samples();
const Sample& FindSample(std::string_view name);

}  // namespace schakel::test
