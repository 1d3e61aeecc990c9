#include "protocol/checkpoint.h"

#include <gtest/gtest.h>

#include "protocol/crypto.h"
#include "protocol/merkle.h"
#include "support/hex.h"

namespace schakel {
namespace {

using test::Hex;

// The example of golang.org/x/mod/sumdb/note, which C2SP signed-note describes.
constexpr std::string_view kPeter = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view kPeterNote =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

const SigningKey& OurKey() {
  static const SigningKey key = SigningKey::FromSeed(Bytes(32, 0x11));
  return key;
}
NoteVerifier OurVerifier() { return {"schakel.example/leuven", OurKey().public_key}; }
TreeHead OurHead() { return {1234, Sha256(AsBytes("root"))}; }
std::string OurCheckpoint() { return SignCheckpoint("schakel.example/leuven", OurHead(), OurKey()); }

// Signs any text as if it were a checkpoint.
std::string SignText(std::string_view text, std::string_view name = "schakel.example/leuven") {
  SignedNote note = ParseSignedNote(SignCheckpoint(std::string(name), OurHead(), OurKey())).value();
  note.text = text;
  note.signatures[0].signature = ToBytes(SignRaw(OurKey(), AsBytes(text)));
  return ToText(note);
}

TEST(NoteVerifier, ReadsAndWritesKeysOfOthers) {
  for (const std::string_view text :
       {kPeter, std::string_view("EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"),
        std::string_view("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8")}) {
    const auto verifier = ParseNoteVerifier(text);
    ASSERT_TRUE(verifier) << text;
    EXPECT_EQ(ToText(*verifier), text);
  }
  EXPECT_EQ(ParseNoteVerifier(ToText(OurVerifier())).value(), OurVerifier());
}

TEST(NoteVerifier, RefusesEveryOtherForm) {
  for (const char* text : {
           "", "+", "++", "PeterNeumann", "PeterNeumann+c74f20a3", "PeterNeumann+c74f20a3+",
           "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",                  // No name.
           "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",      // Another hash.
           "PeterNeumanm+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",      // Another name.
           "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",      // Capitals.
           "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TX",      // Another key.
           "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWAA==",  // Longer.
           "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy1w==",      // Shorter.
           "PeterNeumann+c74f20a3+AhpcWQcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",      // Another kind.
           "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",    // Newline.
           "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",     // Space.
       }) {
    const auto verifier = ParseNoteVerifier(text);
    ASSERT_FALSE(verifier) << text;
    EXPECT_EQ(verifier.error().rule, "note.verifier");
  }
}

TEST(SignedNote, ReadsTheExampleOfTheFormat) {
  const auto note = ParseSignedNote(kPeterNote);
  ASSERT_TRUE(note);
  EXPECT_EQ(note->text, kPeterNote.substr(0, kPeterNote.find("\n\n") + 1));
  ASSERT_EQ(note->signatures.size(), 1U);
  EXPECT_EQ(note->signatures[0].name, "PeterNeumann");
  EXPECT_EQ(note->signatures[0].key_hash, 0xc74f20a3U);
  Signature signature;
  ASSERT_EQ(note->signatures[0].signature.size(), signature.size());
  std::copy_n(note->signatures[0].signature.begin(), signature.size(), signature.begin());
  EXPECT_TRUE(VerifyRaw(ParseNoteVerifier(kPeter)->key, AsBytes(note->text), signature));
  EXPECT_EQ(ToText(*note), kPeterNote);
}

constexpr std::string_view kLine = "\xe2\x80\x94 a AAAAAAA=\n";  // A key hash and one byte.

TEST(SignedNote, AcceptsWhatTheFormatAllows) {
  const struct {
    const char* name;
    std::string note;
    const char* text;
  } rows[] = {
      {"one line", "text\n\n" + std::string(kLine), "text\n"},
      {"empty lines within", "a\n\n\nb\n\n" + std::string(kLine), "a\n\n\nb\n"},
      {"what looks like a signature", std::string(kLine) + "\n" + std::string(kLine), "\xe2\x80\x94 a AAAAAAA=\n"},
      {"only a newline", "\n\n" + std::string(kLine), "\n"},
      {"accents", "\xc3\xa9\n\n" + std::string(kLine), "\xc3\xa9\n"},
      {"two signatures", "a\n\n" + std::string(kLine) + std::string(kLine), "a\n"}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto note = ParseSignedNote(row.note);
    ASSERT_TRUE(note);
    EXPECT_EQ(note->text, row.text);
    EXPECT_EQ(ToText(*note), row.note);
  }
}

TEST(SignedNote, RefusesEveryOtherForm) {
  const std::string dash = "\xe2\x80\x94";
  const struct {
    const char* name;
    std::string note;
  } rows[] = {{"nothing", ""},
              {"no signatures", "text\n"},
              {"no signature line", "text\n\n"},
              {"no empty line", "text\n" + std::string(kLine)},
              {"no text", "\n" + std::string(kLine)},
              {"last newline missing", "text\n\n" + dash + " a AAAAAAA="},
              {"hyphen for a dash", "text\n\n- a AAAAAAA=\n"},
              {"no name", "text\n\n" + dash + " AAAAAAA=\n"},
              {"empty name", "text\n\n" + dash + "  AAAAAAA=\n"},
              {"plus in a name", "text\n\n" + dash + " a+b AAAAAAA=\n"},
              {"wide space in a name", "text\n\n" + dash +
                                           " a\xc2\xa0"
                                           "b AAAAAAA=\n"},
              {"two spaces", "text\n\n" + dash + " a  AAAAAAA=\n"},
              {"space at the end", "text\n\n" + dash + " a AAAAAAA= \n"},
              {"carriage return", "text\n\n" + dash + " a AAAAAAA=\r\n"},
              {"not base64", "text\n\n" + dash + " a AAAA!AA=\n"},
              {"loose base64", "text\n\n" + dash + " a AAAAAAB=\n"},
              {"only a key hash", "text\n\n" + dash + " a AAAAAA==\n"},
              {"other line after", "text\n\n" + std::string(kLine) + "more\n"},
              {"tab in the text", "te\txt\n\n" + std::string(kLine)},
              {"escape in the text", "te\x1bxt\n\n" + std::string(kLine)},
              {"not UTF-8", "te\xfft\n\n" + std::string(kLine)}};
  for (const auto& row : rows) {
    const auto note = ParseSignedNote(row.note);
    ASSERT_FALSE(note) << row.name;
    EXPECT_EQ(note.error().rule, "note.format") << row.name;
  }
}

TEST(SignedNote, IsBounded) {
  const std::string tail = "\n\n" + std::string(kLine);
  const std::string longest = std::string(kNoteBytesMax - tail.size(), 'a') + tail;
  EXPECT_TRUE(ParseSignedNote(longest));
  EXPECT_EQ(ParseSignedNote("a" + longest).error().rule, "note.size");

  std::string most = "text\n\n";
  for (std::size_t i = 0; i < kNoteSignaturesMax; ++i) most += kLine;
  EXPECT_TRUE(ParseSignedNote(most));
  EXPECT_EQ(ParseSignedNote(most + std::string(kLine)).error().rule, "note.size");
}

TEST(Checkpoint, RoundTrips) {
  EXPECT_EQ(VerifyCheckpoint(OurCheckpoint(), OurVerifier()).value(), OurHead());
  const TreeHead empty{0, EmptyRoot()};
  EXPECT_EQ(VerifyCheckpoint(SignCheckpoint("a", empty, OurKey()), {"a", OurKey().public_key}).value(), empty);
  const TreeHead largest{~std::uint64_t{0}, EmptyRoot()};
  EXPECT_EQ(VerifyCheckpoint(SignCheckpoint("a", largest, OurKey()), {"a", OurKey().public_key}).value(), largest);
}

// Frozen: heads are kept for ever, by others. Made with the openssl program.
TEST(Checkpoint, BytesAreFrozen) {
  EXPECT_EQ(ToText(OurVerifier()), "schakel.example/leuven+0c23cfa1+AdBKsjJ0K7SrOhNovUYV5ObQIkq3GgFrr4UgozLJd4c3");
  EXPECT_EQ(OurCheckpoint(),
            "schakel.example/leuven\n"
            "1234\n"
            "SBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I=\n"
            "\n"
            "— schakel.example/leuven "
            "DCPPoXyRgTsUfsStm1PDPDGUazGGjQcdr2cgZFla7+sS7rmR2JBmNp8aEjMB37cGhnPgrEQLopgPMeUAlX1RxzJjDAo=\n");
}

TEST(Checkpoint, EveryChangedByteIsRefused) {
  const std::string good = OurCheckpoint();
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const int bit : {1, 2, 32, 128}) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ bit);
      EXPECT_FALSE(VerifyCheckpoint(bad, OurVerifier())) << i;
    }
  }
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(VerifyCheckpoint(std::string_view(good).substr(0, size), OurVerifier())) << size;
  }
}

TEST(Checkpoint, ErrorsSayWhatIsWrong) {
  const std::string root = ToBase64(OurHead().root);
  const std::string body = "schakel.example/leuven\n1234\n" + root + "\n";
  const struct {
    const char* name;
    std::string note;
    const char* rule;  // Empty: accepted.
  } rows[] = {
      {"as signed", SignText(body), ""},
      {"extension lines", SignText(body + "more\nlines\n"), ""},
      {"not a note", "hello", "note.format"},
      {"another origin", SignText("schakel.example/gent\n1234\n" + root + "\n"), "checkpoint.origin"},
      {"no root", SignText("schakel.example/leuven\n1234\n"), "checkpoint.format"},
      {"no origin", SignText("\n1234\n" + root + "\n"), "checkpoint.format"},
      {"empty size", SignText("schakel.example/leuven\n\n" + root + "\n"), "checkpoint.format"},
      {"leading zero", SignText("schakel.example/leuven\n01234\n" + root + "\n"), "checkpoint.format"},
      {"plus sign", SignText("schakel.example/leuven\n+1234\n" + root + "\n"), "checkpoint.format"},
      {"minus sign", SignText("schakel.example/leuven\n-1\n" + root + "\n"), "checkpoint.format"},
      {"space", SignText("schakel.example/leuven\n1234 \n" + root + "\n"), "checkpoint.format"},
      {"beyond 64 bits", SignText("schakel.example/leuven\n18446744073709551616\n" + root + "\n"), "checkpoint.format"},
      {"short root", SignText("schakel.example/leuven\n1234\n" + ToBase64(Bytes(31)) + "\n"), "checkpoint.format"},
      {"long root", SignText("schakel.example/leuven\n1234\n" + ToBase64(Bytes(33)) + "\n"), "checkpoint.format"},
      {"empty extension line", SignText(body + "\nmore\n"), "checkpoint.format"},
      {"signed by another name", SignText(body, "schakel.example/gent"), "checkpoint.signature"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto head = VerifyCheckpoint(row.note, OurVerifier());
    EXPECT_EQ(head ? "" : head.error().rule, row.rule);
  }
  const auto head = VerifyCheckpoint(OurCheckpoint(), {OurVerifier().name, SigningKey::Generate().public_key});
  ASSERT_FALSE(head);
  EXPECT_EQ(head.error().code, Code::kUnauthenticated);
}

TEST(Checkpoint, FurtherSignaturesAreFine) {
  SignedNote note = ParseSignedNote(OurCheckpoint()).value();
  const NoteSignature ours = note.signatures[0];
  // A cosignature: another kind, longer.
  note.signatures.insert(note.signatures.begin(), {"witness.example", 7, Bytes(72, 1)});
  EXPECT_EQ(VerifyCheckpoint(ToText(note), OurVerifier()).value(), OurHead());
  // One that does not hold, under our own name and key.
  NoteSignature wrong = ours;
  wrong.signature[0] ^= 1;
  note.signatures.insert(note.signatures.begin(), wrong);
  EXPECT_EQ(VerifyCheckpoint(ToText(note), OurVerifier()).value(), OurHead());
  std::erase_if(note.signatures, [&](const NoteSignature& s) { return s.signature == ours.signature; });
  EXPECT_EQ(VerifyCheckpoint(ToText(note), OurVerifier()).error().rule, "checkpoint.signature");
}

TEST(Checkpoint, KeyHashMustBeThatOfTheKey) {
  SignedNote note = ParseSignedNote(OurCheckpoint()).value();
  note.signatures[0].key_hash ^= 1;
  EXPECT_EQ(VerifyCheckpoint(ToText(note), OurVerifier()).error().rule, "checkpoint.signature");
}

// ---- Cosignatures ----

const OrgId kWitness("karus-gent");
const SigningKey& WitnessKey() {
  static const SigningKey key = SigningKey::FromSeed(Bytes(32, 0x22));
  return key;
}
constexpr std::string_view kOrigin = "schakel.example/leuven";
const Timestamp kAt = Timestamp(std::chrono::seconds(1679315147)) + std::chrono::milliseconds(999);
std::string OurCosigned() { return CosignCheckpoint(OurCheckpoint(), kOrigin, kWitness, WitnessKey(), kAt).value(); }

std::string HexOf(std::uint32_t value) {
  const std::array<std::uint8_t, 4> bytes{
      static_cast<std::uint8_t>(value >> 24), static_cast<std::uint8_t>(value >> 16 & 0xff),
      static_cast<std::uint8_t>(value >> 8 & 0xff), static_cast<std::uint8_t>(value & 0xff)};
  return ToHex(bytes);
}

// Built by hand, as c2sp.org/tlog-cosignature has it.
TEST(Cosignature, IsThatOfTheSpecification) {
  const SignedNote note = ParseSignedNote(OurCosigned()).value();
  ASSERT_EQ(note.signatures.size(), 2U);
  EXPECT_EQ(note.text, ParseSignedNote(OurCheckpoint()).value().text);
  EXPECT_EQ(note.signatures[0].name, kOrigin);
  const NoteSignature& cosignature = note.signatures[1];
  EXPECT_EQ(cosignature.name, "schakel.example/leuven/witness/karus-gent");
  Bytes key_hash = ToBytes(AsBytes(cosignature.name + "\n\x04"));
  Append(key_hash, WitnessKey().public_key.value());
  EXPECT_EQ(ToHex(ByteView(Sha256(key_hash)).first(4)), HexOf(cosignature.key_hash));
  EXPECT_EQ(ToHex(ByteView(cosignature.signature).first(8)), "00000000641850cb");
  Signature signature;
  ASSERT_EQ(cosignature.signature.size(), 72U);
  std::copy(cosignature.signature.begin() + 8, cosignature.signature.end(), signature.begin());
  const std::string message = "cosignature/v1\ntime 1679315147\n" + note.text;
  EXPECT_TRUE(VerifyRaw(WitnessKey().public_key, AsBytes(message), signature));
  // The log's own signature still holds.
  EXPECT_EQ(VerifyCheckpoint(OurCosigned(), OurVerifier()).value(), OurHead());
}

TEST(Cosignature, HoldsForItsOwnNameKeyTextAndTimeAlone) {
  const auto holds = [](const std::string& note, const OrgId& who = kWitness, const SigningKey& key = WitnessKey(),
                        std::string_view origin = kOrigin) {
    return VerifyCosignature(note, origin, who, key.public_key).has_value();
  };
  const auto changed = [](auto&& change) {
    SignedNote note = ParseSignedNote(OurCosigned()).value();
    change(note);
    return ToText(note);
  };
  EXPECT_EQ(VerifyCosignature(OurCosigned(), kOrigin, kWitness, WitnessKey().public_key).value(),
            Timestamp(std::chrono::seconds(1679315147)));
  EXPECT_FALSE(holds(OurCosigned(), OrgId("clb-gent")));
  EXPECT_FALSE(holds(OurCosigned(), kWitness, OurKey()));
  EXPECT_FALSE(holds(OurCosigned(), kWitness, WitnessKey(), "schakel.example/gent"));
  EXPECT_FALSE(holds(OurCheckpoint()));
  EXPECT_FALSE(holds(changed([](SignedNote& n) { n.text += "more\n"; })));
  EXPECT_FALSE(holds(changed([](SignedNote& n) { n.signatures[1].signature[7] ^= 1; }))) << "another time";
  EXPECT_FALSE(holds(changed([](SignedNote& n) { n.signatures[1].signature[0] = 0x80; }))) << "no time at all";
  EXPECT_FALSE(holds(changed([](SignedNote& n) { n.signatures[1].signature.pop_back(); })));
  EXPECT_FALSE(holds(changed([](SignedNote& n) { n.signatures[1].key_hash ^= 1; })));
  EXPECT_FALSE(holds("no note"));
  // A log's signature is none, and a cosignature is none of the log's.
  EXPECT_FALSE(VerifyCheckpoint(OurCosigned(), {WitnessName(kOrigin, kWitness), WitnessKey().public_key}).has_value());
}

TEST(Cosignature, NamesItsWitnesses) {
  EXPECT_EQ(WitnessesNamed(OurCosigned(), kOrigin), std::vector{kWitness});
  EXPECT_TRUE(WitnessesNamed(OurCosigned(), "schakel.example").empty());
  EXPECT_TRUE(WitnessesNamed(OurCheckpoint(), kOrigin).empty());
  // Cosigned again, the earlier cosignature goes: a note does not grow.
  const auto again = CosignCheckpoint(OurCosigned(), kOrigin, OrgId("clb-gent"), OurKey(), kAt);
  EXPECT_EQ(WitnessesNamed(*again, kOrigin), std::vector{OrgId("clb-gent")});
}

}  // namespace
}  // namespace schakel
