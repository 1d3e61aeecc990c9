// What the operator asks of a running hub, over the local administration socket. Each message is one array,
// [version, type, fields..]; threads: pure.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocol/checkpoint.h"
#include "protocol/registry.h"
#include "protocol/result.h"
#include "protocol/wire.h"

namespace schakel {

struct CreateToken {
  OrgId organisation;
  Sector sector;
  std::string name;
  std::chrono::hours valid{72};
  TransportPublicKey token;  // The public half: the secret stays with the one who prints the invitation.
};
struct WithdrawToken {
  OrgId organisation;
};
struct ListEnrolments {};
// The statement about an organisation that registrars are to sign: with the keys it asked for, or (suspended, or
// none asked) those it has.
struct ExportOrganisation {
  OrgId organisation;
  OrgStatus status = OrgStatus::kActive;
};
struct ExportCeilings {
  std::vector<CeilingStatement::Row> rows;
};
struct ApplyStatement {
  Bytes signed_statement;
};
struct AskStatus {};
struct AskHead {};
struct TakeSnapshot {};
// From now on the log opens with this master key alone. The file is read by the hub, as its own user.
struct ChangeMaster {
  std::string key_file;         // Absolute.
  std::string passphrase_file;  // Instead: its first line.
};
using AdminRequest = std::variant<CreateToken, WithdrawToken, ListEnrolments, ExportOrganisation, ExportCeilings,
                                  ApplyStatement, AskStatus, AskHead, TakeSnapshot, ChangeMaster>;

struct AdminDone {
  std::string text;  // What was done, for people.
};
struct EnrolmentList {
  struct Row {
    OrgId organisation;
    Sector sector;
    std::string name;
    EnrolState state = EnrolState::kUnknown;  // kUnknown: invited, nothing heard yet.
    std::string fingerprint;
    Timestamp expires_at;   // Of a rotation: since when it asks.
    bool rotation = false;  // It is enrolled, and asks for new keys.
  };
  std::vector<Row> rows;
  bool more = false;  // Older ones are left out.
};
struct UnsignedStatement {
  Bytes statement;
};
struct HubStatus {
  std::string software;
  std::string origin;
  std::string endpoint;  // As invitations give it.
  NoteVerifier verifier;
  TransportPublicKey transport;
  Registrars registrars;                // Of the configuration: the root.
  Registrars signers;                   // Whose signatures count now.
  std::uint64_t registrars_serial = 0;  // 0: no statement replaced the root.
  TreeHead head;
  Timestamp now;
  std::uint64_t organisations = 0;
  std::uint64_t trajectories = 0;
  std::uint64_t sessions = 0;
  std::uint64_t statements = 0;
  std::uint64_t invitations_open = 0;
  std::optional<Error> read_only;  // Why the hub writes nothing any more.
};
struct SignedHead {
  std::string checkpoint;
};
using AdminReply = std::variant<Error, AdminDone, EnrolmentList, UnsignedStatement, HubStatus, SignedHead>;

Bytes EncodeAdminRequest(const AdminRequest& request);
Result<AdminRequest> DecodeAdminRequest(ByteView bytes);
Bytes EncodeAdminReply(const AdminReply& reply);
Result<AdminReply> DecodeAdminReply(ByteView bytes);

// Asks the hub that listens on `socket` and waits. kUnavailable ("admin.socket"): no hub there, or it does not answer.
// An Error in the reply comes back as such.
Result<AdminReply> AskHub(const std::filesystem::path& socket, const AdminRequest& request,
                          std::chrono::milliseconds patience);

}  // namespace schakel
