// Parents' groups: sessions with a theme and who came, detached from every dossier. Nothing here refers to a
// trajectory, and no text here may: what the case file knows is refused. Kept at home, goes to nobody.
// docs/methods.md says how it goes.
//
// Threads, durability, errors: as services.h.
#pragma once

#include <string>
#include <vector>

#include "agents/house_options.h"
#include "agents/services.h"
#include "protocol/seams.h"

namespace schakel {

struct ParentsGroup {
  Id128 id{};
  std::string name;
  std::vector<std::string> leaders;  // As in Person::name. They need no task on any trajectory.
  bool ended = false;
  friend bool operator==(const ParentsGroup&, const ParentsGroup&) = default;
};
struct Attendee {
  std::string name;         // Of their choice.
  std::uint32_t count = 1;  // How many came under that name.
  friend bool operator==(const Attendee&, const Attendee&) = default;
};
struct ParentsSession {
  Id128 id{};
  Id128 group{};
  std::string day;  // A whole one.
  std::string theme;
  std::vector<Attendee> attendees;  // None once they are forgotten.
  std::uint32_t total = 0;          // How many came: it stays.
  bool forgotten = false;
  friend bool operator==(const ParentsSession&, const ParentsSession&) = default;
};
Bytes EncodeParentsGroup(const ParentsGroup& one);
Result<ParentsGroup> DecodeParentsGroup(ByteView bytes);  // Both: kCorrupt, kVersion ("vault.row").
Bytes EncodeParentsSession(const ParentsSession& one);
Result<ParentsSession> DecodeParentsSession(ByteView bytes);

// kInvalid ("parents_group.names_a_case", its field `field`): a text tells of somebody whom the case file knows, or
// names a trajectory by its id; or has what tells who somebody is wherever it stands: a number, an address, a day of
// birth. A name is none of these.
Status CheckDetached(Cases& cases, Timestamp now, const std::vector<std::string_view>& texts, const char* field);
// What tells so, in the order of the texts, as if they were one.
std::vector<Finding> FindTellingOfCases(Cases& cases, Timestamp now, const std::vector<std::string_view>& texts);

// The first day on which nobody knows any more who came to a session of `day`. Pure.
std::string ForgottenFrom(const std::string& day, std::chrono::months kept);

class ParentsGroupService {
 public:
  ParentsGroupService(Engine& engine, Cases& cases, Clock& clock, Random& random, std::chrono::months kept)
      : engine_(engine), cases_(cases), clock_(clock), random_(random), kept_(kept) {}

  Result<std::vector<ParentsGroup>> Groups() const;  // By name.
  // Without leaders: whoever adds it. kInvalid ("body.required", "body.many", "body.long",
  // "parents_group.names_a_case").
  Result<ParentsGroup> Add(ParentsGroup one, const Person& by);
  // kDenied ("parents_group.leader"), of all that follows but Sessions(): those who lead it and coordinators alone.
  Result<ParentsGroup> Edit(const std::string& id, ParentsGroup one, const Person& by);

  // By day. Who came stands there for those who lead the group and for coordinators; how many, for everybody.
  struct Listed {
    ParentsGroup group;
    std::vector<ParentsSession> sessions;
    bool with_names = false;
  };
  Result<Listed> Sessions(const std::string& group, const Person& by) const;
  Result<ParentsSession> AddSession(const std::string& group, ParentsSession one, const Person& by);
  // kConflict ("parents_group.forgotten"): who came is not known any more, and not to be noted anew.
  Result<ParentsSession> EditSession(const std::string& session, ParentsSession one, const Person& by);
  Status DropSession(const std::string& session, const Person& by);

  // Forgets who came to sessions that are that long ago. Until it is called they show in no list all the same.
  Status ForgetOld();

 private:
  Result<ParentsSession> Checked(ParentsSession one) const;
  bool IsForgotten(const ParentsSession& one) const;
  Result<bool> Leads(const ParentsGroup& group, const Person& by) const;
  Result<ParentsGroup> FindLed(const std::string& id, const Person& by) const;
  Result<ParentsSession> FindSession(const std::string& id, const Person& by) const;

  Engine& engine_;
  Cases& cases_;
  Clock& clock_;
  Random& random_;
  const std::chrono::months kept_;
};

}  // namespace schakel
