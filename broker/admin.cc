#include "broker/admin.h"

#include "protocol/codec.h"

namespace schakel {
namespace {

constexpr std::uint64_t kAdminVersion = 1;
constexpr CodecLimits kLimits{.bytes_max = 4U << 20, .array_max = 8192};
constexpr std::size_t kRowsMax = 4096;
constexpr std::size_t kTextMax = 4096;

template <typename M>
struct Format;

template <>
struct Format<CreateToken> {
  static void Write(const CreateToken& m, Encoder& to) {
    to.Array(5).Id(m.organisation).Text(m.sector.value()).Text(m.name);
    to.Uint(static_cast<std::uint64_t>(m.valid.count())).Binary(m.token.value());
  }
  static CreateToken Read(Decoder& from) {
    CreateToken m;
    from.Array(5, "token");
    m.organisation = from.ReadOrgId("token.organisation");
    m.sector = Sector(std::string(from.Text("token.sector", 40)));
    m.name = std::string(from.Text("token.name", 120));
    m.valid = std::chrono::hours(from.Uint("token.valid_hours", 24 * 90));
    m.token = TransportPublicKey(from.Fixed<32>("token.token"));
    return m;
  }
};

template <>
struct Format<WithdrawToken> {
  static void Write(const WithdrawToken& m, Encoder& to) { to.Id(m.organisation); }
  static WithdrawToken Read(Decoder& from) { return {from.ReadOrgId("token.organisation")}; }
};

template <typename M>
struct EmptyFormat {
  static void Write(const M&, Encoder& to) { to.Nil(); }
  static M Read(Decoder& from) {
    if (!from.Nil()) from.FailWith(Code::kInvalid, "codec.type", "admin.fields");
    return {};
  }
};
template <>
struct Format<ListEnrolments> : EmptyFormat<ListEnrolments> {};
template <>
struct Format<AskStatus> : EmptyFormat<AskStatus> {};
template <>
struct Format<AskHead> : EmptyFormat<AskHead> {};
template <>
struct Format<TakeSnapshot> : EmptyFormat<TakeSnapshot> {};

template <>
struct Format<ChangeMaster> {
  static void Write(const ChangeMaster& m, Encoder& to) { to.Array(2).Text(m.key_file).Text(m.passphrase_file); }
  static ChangeMaster Read(Decoder& from) {
    ChangeMaster m;
    from.Array(2, "master");
    m.key_file = std::string(from.Text("master.key_file", kTextMax));
    m.passphrase_file = std::string(from.Text("master.passphrase_file", kTextMax));
    return m;
  }
};

template <>
struct Format<ExportOrganisation> {
  static void Write(const ExportOrganisation& m, Encoder& to) { to.Array(2).Id(m.organisation).Enum(m.status); }
  static ExportOrganisation Read(Decoder& from) {
    ExportOrganisation m;
    from.Array(2, "export");
    m.organisation = from.ReadOrgId("export.organisation");
    m.status = from.Enum("export.status", OrgStatus::kActive, OrgStatus::kSuspended);
    return m;
  }
};

template <>
struct Format<ExportCeilings> {
  static void Write(const ExportCeilings& m, Encoder& to) {
    to.Array(m.rows.size());
    for (const auto& row : m.rows) {
      to.Array(3).Text(row.sector.value()).Uint(row.categories.bits()).Bool(row.court_wall);
    }
  }
  static ExportCeilings Read(Decoder& from) {
    ExportCeilings m;
    const std::size_t count = from.ArrayBetween(0, 256, "ceilings");
    for (std::size_t i = 0; i < count && from.ok(); ++i) {
      CeilingStatement::Row row;
      from.Array(3, "ceilings.row");
      row.sector = Sector(std::string(from.Text("ceilings.sector", 40)));
      row.categories = CategorySet(from.Uint("ceilings.categories"));
      row.court_wall = from.Bool("ceilings.court_wall");
      m.rows.push_back(std::move(row));
    }
    return m;
  }
};

template <>
struct Format<ApplyStatement> {
  static void Write(const ApplyStatement& m, Encoder& to) { to.Binary(m.signed_statement); }
  static ApplyStatement Read(Decoder& from) { return {ToBytes(from.Binary("apply.statement", 128U << 10))}; }
};

template <>
struct Format<Error> {
  static void Write(const Error& m, Encoder& to) { to.Array(4).Enum(m.code).Text(m.rule).Text(m.field).Text(m.next); }
  static Error Read(Decoder& from) {
    Error m;
    from.Array(4, "error");
    m.code = from.Enum("error.code", Code::kInvalid, Code::kInternal);
    m.rule = std::string(from.Text("error.rule", kTextMax));
    m.field = std::string(from.Text("error.field", kTextMax));
    m.next = std::string(from.Text("error.next", kTextMax));
    return m;
  }
};

template <>
struct Format<AdminDone> {
  static void Write(const AdminDone& m, Encoder& to) { to.Text(m.text); }
  static AdminDone Read(Decoder& from) { return {std::string(from.Text("done.text", kTextMax))}; }
};

template <>
struct Format<EnrolmentList> {
  static void Write(const EnrolmentList& m, Encoder& to) {
    to.Array(2).Array(m.rows.size());
    for (const auto& row : m.rows) {
      to.Array(7).Id(row.organisation).Text(row.sector.value()).Text(row.name).Enum(row.state).Text(row.fingerprint);
      to.Time(row.expires_at).Bool(row.rotation);
    }
    to.Bool(m.more);
  }
  static EnrolmentList Read(Decoder& from) {
    EnrolmentList m;
    from.Array(2, "enrolments");
    const std::size_t count = from.ArrayBetween(0, kRowsMax, "enrolments");
    for (std::size_t i = 0; i < count && from.ok(); ++i) {
      EnrolmentList::Row row;
      from.Array(7, "enrolment");
      row.organisation = from.ReadOrgId("enrolment.organisation");
      row.sector = Sector(std::string(from.Text("enrolment.sector", 40)));
      row.name = std::string(from.Text("enrolment.name", 120));
      row.state = from.Enum("enrolment.state", EnrolState::kUnknown, EnrolState::kRefused);
      row.fingerprint = std::string(from.Text("enrolment.fingerprint", 64));
      row.expires_at = from.Time("enrolment.expires_at");
      row.rotation = from.Bool("enrolment.rotation");
      m.rows.push_back(std::move(row));
    }
    m.more = from.Bool("enrolments.more");
    return m;
  }
};

template <>
struct Format<UnsignedStatement> {
  static void Write(const UnsignedStatement& m, Encoder& to) { to.Binary(m.statement); }
  static UnsignedStatement Read(Decoder& from) { return {ToBytes(from.Binary("statement", 128U << 10))}; }
};

template <>
struct Format<HubStatus> {
  static void Write(const HubStatus& m, Encoder& to) {
    to.Array(16).Text(m.software).Text(m.origin).Text(m.endpoint).Text(ToText(m.verifier));
    to.Binary(m.transport.value()).Uint(m.registrars.threshold).Array(m.registrars.keys.size());
    for (const SigningPublicKey& key : m.registrars.keys) to.Binary(key.value());
    to.Uint(m.head.size).Binary(m.head.root).Time(m.now).Uint(m.organisations).Uint(m.trajectories);
    to.Array(3).Uint(m.sessions).Uint(m.statements).Uint(m.invitations_open);
    to.Array(2 + m.signers.keys.size()).Uint(m.registrars_serial).Uint(m.signers.threshold);
    for (const SigningPublicKey& key : m.signers.keys) to.Binary(key.value());
    to.Bool(m.read_only.has_value());
    Format<Error>::Write(m.read_only.value_or(Error{}), to);
  }
  static HubStatus Read(Decoder& from) {
    HubStatus m;
    from.Array(16, "status");
    m.software = std::string(from.Text("status.software", kTextMax));
    m.origin = std::string(from.Text("status.origin", kTextMax));
    m.endpoint = std::string(from.Text("status.endpoint", kTextMax));
    if (auto verifier = ParseNoteVerifier(from.Text("status.verifier", kTextMax))) {
      m.verifier = std::move(*verifier);
    } else {
      from.FailWith(Code::kInvalid, "codec.type", "status.verifier");
    }
    m.transport = TransportPublicKey(from.Fixed<32>("status.transport"));
    m.registrars.threshold = from.Uint("status.threshold", 255);
    const std::size_t count = from.ArrayBetween(0, 255, "status.registrars");
    for (std::size_t i = 0; i < count && from.ok(); ++i) {
      m.registrars.keys.push_back(SigningPublicKey(from.Fixed<32>("status.registrar")));
    }
    m.head.size = from.Uint("status.size");
    m.head.root = from.Fixed<32>("status.root");
    m.now = from.Time("status.now");
    m.organisations = from.Uint("status.organisations");
    m.trajectories = from.Uint("status.trajectories");
    from.Array(3, "status.counts");
    m.sessions = from.Uint("status.sessions");
    m.statements = from.Uint("status.statements");
    m.invitations_open = from.Uint("status.invitations");
    const std::size_t signers = from.ArrayBetween(2, 2 + kRegistrarsMax, "status.signers");
    m.registrars_serial = from.Uint("status.registrars_serial");
    m.signers.threshold = from.Uint("status.signers_threshold", 255);
    for (std::size_t i = 2; i < signers && from.ok(); ++i) {
      m.signers.keys.push_back(SigningPublicKey(from.Fixed<32>("status.signer")));
    }
    const bool read_only = from.Bool("status.read_only");
    Error error = Format<Error>::Read(from);
    if (read_only) m.read_only = std::move(error);
    return m;
  }
};

template <>
struct Format<SignedHead> {
  static void Write(const SignedHead& m, Encoder& to) { to.Text(m.checkpoint); }
  static SignedHead Read(Decoder& from) { return {std::string(from.Text("head", kNoteBytesMax))}; }
};

// [version, which alternative, its fields]
template <typename Variant>
Bytes EncodeVariant(const Variant& value) {
  Encoder to(256);
  to.Array(3).Uint(kAdminVersion).Uint(value.index());
  std::visit([&]<typename M>(const M& m) { Format<M>::Write(m, to); }, value);
  return to.Take();
}

template <typename Variant, std::size_t index = 0>
Variant ReadVariant(std::size_t which, Decoder& from) {
  if constexpr (index == std::variant_size_v<Variant>) {
    from.FailWith(Code::kInvalid, "admin.type", "type");
    return {};
  } else {
    if (which == index) return Format<std::variant_alternative_t<index, Variant>>::Read(from);
    return ReadVariant<Variant, index + 1>(which, from);
  }
}

template <typename Variant>
Result<Variant> DecodeVariant(ByteView bytes) {
  Decoder from(bytes, kLimits);
  from.Array(3, "admin");
  if (from.Uint("admin.version") != kAdminVersion) {
    return Fail(Code::kVersion, "admin.version", {}, "use the schakel-hub that is running");
  }
  const std::size_t which = from.Uint("admin.type");
  Variant value = ReadVariant<Variant>(which, from);
  SCHAKEL_TRY(from.Finish());
  return value;
}

}  // namespace

Bytes EncodeAdminRequest(const AdminRequest& request) { return EncodeVariant(request); }
Result<AdminRequest> DecodeAdminRequest(ByteView bytes) { return DecodeVariant<AdminRequest>(bytes); }
Bytes EncodeAdminReply(const AdminReply& reply) { return EncodeVariant(reply); }
Result<AdminReply> DecodeAdminReply(ByteView bytes) { return DecodeVariant<AdminReply>(bytes); }

}  // namespace schakel
