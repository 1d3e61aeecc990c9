#include "broker/admin.h"

#include <gtest/gtest.h>

#include "support/builders.h"

namespace schakel::test {
namespace {

template <typename Variant, typename Encode, typename Decode>
void RoundTrip(const Variant& value, const Encode& encode, const Decode& decode) {
  const Bytes bytes = encode(value);
  const auto decoded = decode(bytes);
  ASSERT_TRUE(decoded) << ToText(decoded.error());
  EXPECT_EQ(decoded->index(), value.index());
  EXPECT_EQ(encode(*decoded), bytes);
  // Whatever is cut off or added is noticed.
  for (std::size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(decode(ByteView(bytes).first(size))) << size;
  Bytes longer = bytes;
  longer.push_back(0);
  EXPECT_FALSE(decode(longer));
}

TEST(Admin, RequestsComeThrough) {
  const AdminRequest requests[] = {
      CreateToken{kSchool, Sector("school-support"), "CLB", std::chrono::hours(7),
                  SecretsOf(kSchool).transport.public_key},
      WithdrawToken{kSchool},
      ListEnrolments{},
      ExportOrganisation{kSchool, OrgStatus::kSuspended},
      ExportCeilings{Ceilings().rows},
      ApplyStatement{EncodeSignedStatement(SignedBy(Ceilings(), {1, 2}))},
      AskStatus{},
      AskHead{},
      TakeSnapshot{},
      ChangeMaster{"/srv/key", "/srv/passphrase"},
  };
  static_assert(std::size(requests) == std::variant_size_v<AdminRequest>);
  for (const AdminRequest& request : requests) {
    SCOPED_TRACE(request.index());
    RoundTrip(request, EncodeAdminRequest, DecodeAdminRequest);
  }
}

TEST(Admin, RepliesComeThrough) {
  HubStatus status;
  status.software = "schakel-hub 1";
  status.origin = std::string(kHub);
  status.endpoint = "tcp://a:1";
  status.verifier = HubLogVerifier();
  status.registrars = RegistrarsOf(2, 3);
  status.head = {7, Filled<32>(7)};
  status.now = kNow;
  status.read_only = Error{Code::kTampered, "a.b", "c", "d"};
  const AdminReply replies[] = {
      Error{Code::kDenied, "a.b", "c", "d"},
      AdminDone{"done"},
      EnrolmentList{{{kSchool, Sector("school-support"), "CLB", EnrolState::kPending, "aaaa bbbb", kNow, true}}, true},
      UnsignedStatement{EncodeStatement(Ceilings())},
      status,
      SignedHead{"note"},
  };
  static_assert(std::size(replies) == std::variant_size_v<AdminReply>);
  for (const AdminReply& reply : replies) {
    SCOPED_TRACE(reply.index());
    RoundTrip(reply, EncodeAdminReply, DecodeAdminReply);
  }
}

TEST(Admin, AnotherVersionIsNamed) {
  Bytes bytes = EncodeAdminRequest(AskStatus{});
  bytes[1] = 9;
  const auto decoded = DecodeAdminRequest(bytes);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().rule, "admin.version");
  EXPECT_EQ(decoded.error().code, Code::kVersion);
}

}  // namespace
}  // namespace schakel::test
