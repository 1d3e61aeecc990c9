#include "agents/attachments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/following.h"
#include "agents/search.h"
#include "protocol/crypto.h"
#include "services/exceptions.h"
#include "services/file_types.h"
#include "services/upload_rows.h"
#include "support/office.h"
#include "support/zip.h"

namespace schakel {
namespace {

using schakel::test::FakeEngine;
using schakel::test::FakeRegion;
using schakel::test::Leuven;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using schakel::test::kGoals;
constexpr std::uint32_t kPiece = AttachmentService::kPieceBytes;

struct Office : test::Office {
  Office(FakeRegion& region, FakeEngine& engine_in, std::string person)
      : test::Office(region, engine_in, std::move(person)),
        attachments(engine, cases, reading, region.clock, region.random) {}
  AttachmentService attachments;
};

// Text of that many bytes, of which no piece is as another.
std::string TextOf(std::size_t bytes) {
  std::string text;
  for (std::size_t line = 0; text.size() < bytes; ++line) text += "regel " + std::to_string(line) + "\n";
  text.resize(bytes);
  return text;
}

class AttachmentsTest : public ::testing::Test {
 protected:
  Leuven leuven;
  Office wissel{leuven.region, leuven.youth_care, "Nora Peeters"};
  Office upc{leuven.region, leuven.psychiatry, "dokter Claes"};
  const std::string nora = "Nora Peeters";
  const TrajectoryId trajectory =
      wissel.trajectories.Open({"Sam (2010)", Module::kMobile, "aanmelding"}, Stage::kCapable, {}).value().trajectory;
  RecordId grant;
  std::size_t facts = 0;  // That are kept besides.

  void SetUp() override {
    ASSERT_TRUE(wissel.trajectories.Invite(trajectory, leuven.psychiatry.Self(), {"", "welkom"}, std::nullopt, {}));
    ASSERT_TRUE(upc.trajectories.Join(trajectory, {"we doen mee"}, {}));
    GrantRequest request;
    request.trajectory = trajectory;
    request.recipient = leuven.psychiatry.Self();
    request.purposes = {Purpose::kCareCoordination};
    request.categories = kGoals;
    request.ends_at = leuven.region.clock.Now() + std::chrono::days(90);
    request.consented_by = "Sam";
    request.how = "ondertekend";
    const auto given = wissel.grants.Give(request, wissel.caller, {});
    ASSERT_TRUE(given) << ToText(given.error());
    grant = given->record;
    facts = wissel.engine.facts();
  }

  UploadRequest Request(const std::string& name, std::uint64_t size) {
    UploadRequest request;
    request.trajectory = trajectory;
    request.name = name;
    request.size = size;
    request.categories = kGoals;
    return request;
  }
  UploadId Uploaded(const UploadRequest& request, const std::string& bytes) {
    const auto begun = wissel.attachments.Begin(request, nora);
    EXPECT_TRUE(begun) << ToText(begun.error());
    for (std::size_t at = 0; at < bytes.size();) {
      const std::string part = bytes.substr(at, AttachmentService::kPutBytesMax);
      const auto put = wissel.attachments.Put(begun->id, nora, at, AsBytes(part));
      EXPECT_TRUE(put) << ToText(put.error());
      at += part.size();
    }
    return begun->id;
  }
  Result<Sent> Finished(const UploadId& id, const std::string& bytes) {
    AttachmentService::Finishing finishing;
    finishing.sha256 = Sha256(AsBytes(bytes));
    return wissel.attachments.Finish(id, nora, finishing);
  }
  RecordId Attached(const std::string& name, const std::string& bytes, RecordId about = {}) {
    UploadRequest request = Request(name, bytes.size());
    request.about = about;
    const auto sent = Finished(Uploaded(request, bytes), bytes);
    EXPECT_TRUE(sent) << ToText(sent.error());
    return sent ? sent->record : RecordId{};
  }
  static std::string ReadAll(const AttachmentContent& content, std::uint64_t from = 0) {
    std::string all;
    while (from + all.size() < content.size) {
      const auto part = content.ReadFrom(from + all.size());
      EXPECT_TRUE(part) << ToText(part.error());
      if (!part) break;
      all += AsText(*part);
    }
    return all;
  }
};

TEST_F(AttachmentsTest, AFileGoesInPiecesAndComesBackWhole) {
  const std::string bytes = TextOf(10 * kPiece + 17);  // More than are said at once.
  const RecordId id = Attached("Verslag mei.txt", bytes);
  const auto here = upc.attachments.Of(trajectory);
  ASSERT_EQ(here.size(), 1U);
  EXPECT_EQ(here.front().item.id, id);
  EXPECT_EQ(here.front().pieces, 11U);
  EXPECT_EQ(here.front().missing, 0U);
  const std::size_t views = upc.engine.views().size();
  const auto content = upc.attachments.Open(id, upc.caller);
  ASSERT_TRUE(content) << ToText(content.error());
  ASSERT_EQ(upc.engine.views().size(), views + 1) << "a view, before anything can be read";
  EXPECT_EQ(upc.engine.views().back().record, id);
  EXPECT_EQ(content->name, "Verslag mei.txt");
  EXPECT_EQ(content->media_type, "text/plain");
  EXPECT_EQ(content->sha256, Sha256(AsBytes(bytes)));
  EXPECT_EQ(ReadAll(*content), bytes);
  EXPECT_EQ(ReadAll(*content, kPiece + 5), bytes.substr(kPiece + 5)) << "from the middle of a piece";
  EXPECT_THAT(wissel.attachments.Of(nora).value(), IsEmpty()) << "nothing is left of the upload";
  EXPECT_EQ(wissel.engine.facts(), facts);
}

TEST_F(AttachmentsTest, AnUploadGoesOnAfterARestart) {
  const std::string bytes = TextOf(2 * kPiece + 100);
  const auto begun = wissel.attachments.Begin(Request("a.txt", bytes.size()), nora);
  ASSERT_TRUE(begun);
  const auto part = [&](std::size_t at, std::size_t size) { return AsBytes(bytes).subspan(at, size); };
  EXPECT_EQ(wissel.attachments.Put(begun->id, nora, 0, part(0, kPiece + 7)).value(), kPiece + 7);
  AttachmentService again(wissel.engine, wissel.cases, wissel.reading, leuven.region.clock, leuven.region.random);
  EXPECT_EQ(again.Find(begun->id, nora).value().offset, kPiece + 7);
  const auto wrong = again.Put(begun->id, nora, kPiece, part(kPiece, 50));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().rule, "upload.offset");
  EXPECT_EQ(wrong.error().field, std::to_string(kPiece + 7));
  AttachmentService::Finishing finishing;
  finishing.sha256 = Sha256(AsBytes(bytes));
  EXPECT_EQ(again.Finish(begun->id, nora, finishing).error().rule, "upload.incomplete");
  ASSERT_TRUE(again.Put(begun->id, nora, kPiece + 7, part(kPiece + 7, kPiece + 93)));
  const auto sent = again.Finish(begun->id, nora, finishing);
  ASSERT_TRUE(sent) << ToText(sent.error());
  EXPECT_EQ(ReadAll(upc.attachments.Open(sent->record, upc.caller).value()), bytes);
}

TEST_F(AttachmentsTest, BytesThatWereNotCountedAreNotTaken) {
  const std::string bytes = TextOf(300);
  const auto begun = wissel.attachments.Begin(Request("a.txt", 300), nora);
  ASSERT_TRUE(begun);
  ASSERT_TRUE(wissel.attachments.Put(begun->id, nora, 0, AsBytes(bytes).first(100)));
  // As when the machine stops after the bytes and before their count.
  ASSERT_TRUE(wissel.engine.PutFact("upload." + ToText(begun->id) + ".0", AsBytes(TextOf(200))));
  ASSERT_TRUE(wissel.attachments.Put(begun->id, nora, 100, AsBytes(bytes).subspan(100)));
  EXPECT_TRUE(Finished(begun->id, bytes));
}

TEST_F(AttachmentsTest, WhatMayNotBeAttachedIsSaidBeforeItIsSent) {
  struct Case {
    const char* name;
    const char* file;
    const char* type;
    std::uint64_t size;
    const char* rule;
  };
  const Case cases[] = {
      {"a program", "a.exe", "", 5, "attachment.ending"},
      {"a page", "a.html", "", 5, "attachment.ending"},
      {"a drawing that may run", "a.svg", "", 5, "attachment.ending"},
      {"no ending", "verslag", "", 5, "attachment.ending"},
      {"a type that the name denies", "a.pdf", "text/plain", 5, "attachment.media_type"},
      {"a name of nothing", " . ", "", 5, "attachment.name"},
      {"a name too long",
       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.txt",
       "", 5, "attachment.name"},
      {"nothing", "a.txt", "", 0, "attachment.size"},
      {"too much", "a.txt", "", kAttachmentBytesMax + 1, "attachment.size"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    UploadRequest request = Request(c.file, c.size);
    request.media_type = c.type;
    const auto begun = wissel.attachments.Begin(request, nora);
    ASSERT_FALSE(begun);
    EXPECT_EQ(begun.error().rule, c.rule);
    EXPECT_FALSE(begun.error().next.empty());
  }
  EXPECT_TRUE(wissel.attachments.Begin(Request("a.txt", kAttachmentBytesMax), nora));
}

TEST_F(AttachmentsTest, TheContentDecidesWhatItIs) {
  struct Case {
    const char* name;
    const char* file;
    std::string bytes;
    bool taken;
  };
  const std::string png("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1F\x15\xC4\x89", 33);
  const Case cases[] = {
      {"text", "a.txt", "Beste,\nhierbij het verslag.\n", true},
      {"text in capitals", "A.TXT", "Beste,\n", true},
      {"a table", "a.csv", "naam,dag\nsam,maandag\njef,dinsdag\n", true},
      {"a picture", "a.png", png, true},
      {"a document", "a.pdf", "%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", true},
      {"a document with a script", "a.pdf",
       "%PDF-1.7\n1 0 obj\n<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>\nendobj\n", false},
      {"a document that starts a program", "a.pdf", "%PDF-1.7\n1 0 obj\n<</S /Launch /F (x.exe)>>\nendobj\n", false},
      {"a document that is a page, too", "a.pdf", "%PDF-1.7\n<HTML><body>x</body></html>\n1 0 obj\n<<>>\nendobj\n",
       false},
      {"a document with a script of a page", "a.pdf", "%PDF-1.7\n1 0 obj\n<<>>\nendobj\n<Script>x</script>", false},
      {"a document that opens on a page", "a.pdf", "%PDF-1.7\n1 0 obj\n<</OpenAction[3 0 R/Fit]>>\nendobj\n", true},
      {"a page as text", "a.txt", "<!DOCTYPE html><html><body><script>x</script></body></html>", false},
      {"a script as text", "a.txt", "#!/bin/sh\nrm -rf x\n", false},
      {"a program as a document", "a.pdf",
       std::string("\x7F"
                   "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3E\0",
                   20),
       false},
      {"a picture as another", "a.jpg", png, false},
      {"an archive as an office file", "a.docx", std::string("PK\x03\x04\x0A\0\0\0\0\0", 10) + "malware.exe", false},
      {"a zero byte in text", "a.txt", std::string("a\0b", 3), false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const UploadId id = Uploaded(Request(c.file, c.bytes.size()), c.bytes);
    const auto sent = Finished(id, c.bytes);
    EXPECT_EQ(sent.has_value(), c.taken) << (sent ? "" : ToText(sent.error()));
    if (!sent) {
      EXPECT_EQ(sent.error().rule, "attachment.content");
      EXPECT_EQ(wissel.attachments.Find(id, nora).error().rule, "upload.unknown") << "it is gone, and counts no more";
    }
  }
  EXPECT_EQ(wissel.engine.facts(), facts);
  EXPECT_THAT(wissel.attachments.Of(nora).value(), IsEmpty());
}

TEST(FileTypes, AnOfficeFileIsKnownByItsPartsAndCarriesNoProgram) {
  const std::string type = FileTypeOf("a.docx", "").value();
  const auto types = [](const std::string& more) {
    return "<?xml version=\"1.0\"?><Types><Override PartName=\"/word/document.xml\" ContentType=\"x\"/>" + more +
           "</Types>";
  };
  const std::string macro = "<Override PartName=\"/word/x.bin\" ContentType=\"application/vnd.ms-office.vbaProject\"/>";
  const test::ZipPart document{"word/document.xml", "<document/>"};
  struct Case {
    const char* name;
    std::vector<test::ZipPart> parts;
    bool taken;
  };
  const Case cases[] = {
      {"a document", {{"[Content_Types].xml", types("")}, document}, true},
      {"its types at the end", {document, {"[Content_Types].xml", types("")}}, true},
      {"a table under its name", {{"[Content_Types].xml", types("")}, {"xl/workbook.xml", "x"}}, false},
      {"no types", {document}, false},
      {"a macro", {{"[Content_Types].xml", types("")}, document, {"word/vbaProject.bin", "x"}}, false},
      {"a macro in capitals", {{"[Content_Types].xml", types("")}, document, {"word/VBAPROJECT.BIN", "x"}}, false},
      {"a macro by another name", {{"[Content_Types].xml", types(macro)}, document, {"word/x.bin", "x"}}, false},
      {"the same with types at the end", {document, {"[Content_Types].xml", types(macro)}, {"word/x.bin", "x"}}, false},
      {"a type in disguise", {{"[Content_Types].xml", types("<x ContentType=\"vba&#80;roject\"/>")}, document}, false},
      {"types twice", {{"[Content_Types].xml", types("")}, document, {"[content_types].xml", types("")}}, false},
      {"a control",
       {{"[Content_Types].xml", types("<x ContentType=\"vnd.ms-office.activeX+xml\"/>")}, document},
       false},
  };
  for (const Case& c : cases) {
    for (const test::Packed packed : {test::Packed::kNo, test::Packed::kYes}) {
      SCOPED_TRACE(c.name);
      const std::string zip = test::ZipOf(c.parts, packed);
      EXPECT_EQ(CheckFileContent(type, AsBytes(zip), AsBytes(zip)).has_value(), c.taken);
    }
  }
  const std::string zip = test::ZipOf(cases[0].parts, test::Packed::kYes);
  EXPECT_FALSE(CheckFileContent(type, AsBytes(zip), AsBytes(zip.substr(0, zip.size() - 1)))) << "cut off";
  EXPECT_FALSE(CheckFileContent(type, AsBytes(zip), AsBytes(zip.substr(zip.size() - 40))))
      << "a list that is not whole";
}

TEST(FileTypes, WhatTheTypesOfPartsSayIsReadWhereverTheyLie) {
  const std::string type = FileTypeOf("a.docx", "").value();
  const std::string filler(300'000, 'x');
  const std::vector<test::ZipPart> last = {
      {"word/document.xml", "<document/>"}, {"word/media/a.png", filler}, {"[Content_Types].xml", "<Types/>"}};
  const std::vector<test::ZipPart> between = {{"word/document.xml", "<document/>"},
                                              {"word/media/a.png", filler},
                                              {"[Content_Types].xml", "<Types/>"},
                                              {"word/media/b.png", filler}};
  const auto check = [&](const std::vector<test::ZipPart>& parts) {
    const std::string zip = test::ZipOf(parts, test::Packed::kNo);
    return CheckFileContent(type, AsBytes(zip).first(100'000), AsBytes(zip).last(100'000)).has_value();
  };
  EXPECT_TRUE(check(last));
  EXPECT_FALSE(check(between)) << "out of sight";
}

TEST(FileTypes, AnOpenDocumentWithMacrosIsRefused) {
  const std::string type = FileTypeOf("a.odt", "").value();
  const auto check = [&](const std::vector<test::ZipPart>& parts) {
    const std::string zip = test::ZipOf(parts, test::Packed::kNo);
    return CheckFileContent(type, AsBytes(zip), AsBytes(zip)).has_value();
  };
  const test::ZipPart mimetype{"mimetype", "application/vnd.oasis.opendocument.text"};
  EXPECT_TRUE(check({mimetype, {"content.xml", "<x/>"}}));
  EXPECT_FALSE(check({mimetype, {"content.xml", "<x/>"}, {"Basic/Standard/Module1.xml", "x"}}));
  EXPECT_FALSE(check({mimetype, {"content.xml", "<x/>"}, {"Scripts/python/x.py", "x"}}));
}

TEST(FileTypes, AScriptIsFoundAcrossTwoPieces) {
  const std::string text = "%PDF-1.7 << /S /JavaScript >>";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    RunFinder finder("application/pdf");
    finder.Add(AsBytes(text.substr(0, cut)));
    finder.Add(AsBytes(text.substr(cut)));
    EXPECT_TRUE(finder.found()) << cut;
  }
  RunFinder other("text/plain");
  other.Add(AsBytes(text));
  EXPECT_FALSE(other.found()) << "text runs nothing";
  RunFinder none("application/pdf");
  none.Add(AsBytes("/Java"));
  none.Add(AsBytes("Skript /launch"));
  EXPECT_FALSE(none.found());
}

TEST(FileTypes, NamesAreCleaned) {
  struct Case {
    const char* name;
    const char* from;
    const char* to;
  };
  const Case cases[] = {
      {"as it is", "Verslag één.pdf", "Verslag één.pdf"},
      {"a folder", "../../etc/a.txt", "a.txt"},
      {"a folder of another system", "C:\\Temp\\a.txt", "a.txt"},
      {"hidden", "..a.txt", "a.txt"},
      {"turned round", "a\xE2\x80\xAEtxt.pdf", "atxt.pdf"},
      {"lines", "a\r\nb.txt", "ab.txt"},
      {"what systems keep for themselves", "a<b>\"c\".txt", "a_b__c_.txt"},
      {"blanks around it", "  a.txt. ", "a.txt"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(CleanFileName(c.from).value(), c.to);
  }
  EXPECT_FALSE(CleanFileName("\xFF.txt"));
  EXPECT_TRUE(CleanFileName(std::string(200, 'a')));
  EXPECT_FALSE(CleanFileName(std::string(201, 'a')));
}

TEST_F(AttachmentsTest, ADifferentHashIsNotTheFile) {
  const UploadId id = Uploaded(Request("a.txt", 5), "hallo");
  EXPECT_EQ(Finished(id, "halla").error().rule, "upload.hash");
  EXPECT_THAT(upc.attachments.Of(trajectory), IsEmpty());
  EXPECT_TRUE(Finished(id, "hallo")) << "the bytes were right: it may be said again";
}

TEST_F(AttachmentsTest, AnUploadIsOfWhoBeganItAndBounded) {
  const UploadId id = Uploaded(Request("a.txt", 5), "hal");
  EXPECT_EQ(wissel.attachments.Find(id, "Jef").error().rule, "upload.unknown");
  EXPECT_EQ(wissel.attachments.Put(id, "Jef", 3, AsBytes("lo")).error().rule, "upload.unknown");
  EXPECT_EQ(wissel.attachments.Drop(id, "Jef").error().rule, "upload.unknown");
  EXPECT_THAT(wissel.attachments.Of("Jef").value(), IsEmpty());
  EXPECT_EQ(wissel.attachments.Put(id, nora, 3, AsBytes("lo en meer")).error().rule, "upload.long");
  for (std::size_t i = 1; i < AttachmentService::kUploadsMax; ++i) {
    ASSERT_TRUE(wissel.attachments.Begin(Request("a.txt", kAttachmentBytesMax), nora));
  }
  EXPECT_EQ(wissel.attachments.Begin(Request("a.txt", 5), nora).error().rule, "upload.many");
  for (std::size_t i = 1; i <= AttachmentService::kUploadsMax; ++i) {
    ASSERT_TRUE(wissel.attachments.Begin(Request("a.txt", kAttachmentBytesMax), "Jef"));
  }
  EXPECT_TRUE(wissel.attachments.Begin(Request("a.txt", kAttachmentBytesMax), "Mia"));
  EXPECT_EQ(wissel.attachments.Begin(Request("a.txt", kAttachmentBytesMax), "Mia").error().rule, "upload.space");
  leuven.region.clock.Advance(std::chrono::hours(24));
  EXPECT_EQ(wissel.attachments.Find(id, nora).error().rule, "upload.unknown") << "a day has passed";
  EXPECT_EQ(wissel.engine.facts(), facts) << "and none of its bytes is left";
  EXPECT_TRUE(wissel.attachments.Begin(Request("a.txt", 5), nora));
}

TEST_F(AttachmentsTest, WhatIsTooOldGoesThoughNobodyAsks) {
  const UploadId id = Uploaded(Request("a.txt", 5), "hallo");
  ASSERT_EQ(wissel.engine.facts(), facts + 1);
  AttachmentService started(wissel.engine, wissel.cases, wissel.reading, leuven.region.clock, leuven.region.random);
  leuven.region.clock.Advance(AttachmentService::kUploadLasts - std::chrono::milliseconds(1));
  ASSERT_TRUE(started.DropOld());
  EXPECT_EQ(wissel.engine.facts(), facts + 1) << "it has a moment left";
  leuven.region.clock.Advance(std::chrono::milliseconds(1));
  ASSERT_TRUE(started.DropOld());
  EXPECT_EQ(wissel.engine.facts(), facts);
  EXPECT_TRUE(wissel.engine.Kept("uploads").value().empty());
  EXPECT_EQ(started.Find(id, nora).error().rule, "upload.unknown");
}

TEST_F(AttachmentsTest, WhatIsGivenUpIsGone) {
  const UploadId id = Uploaded(Request("a.txt", 5), "hallo");
  EXPECT_EQ(wissel.engine.facts(), facts + 1);
  ASSERT_TRUE(wissel.attachments.Drop(id, nora));
  EXPECT_EQ(wissel.engine.facts(), facts);
  EXPECT_EQ(Finished(id, "hallo").error().rule, "upload.unknown");
}

TEST_F(AttachmentsTest, ADiskThatRefusesLosesNothingThatWasTaken) {
  const UploadId id = Uploaded(Request("a.txt", 5), "hal");
  wissel.engine.RefuseToKeep(true);
  EXPECT_FALSE(wissel.attachments.Put(id, nora, 3, AsBytes("lo")));
  wissel.engine.RefuseToKeep(false);
  EXPECT_EQ(wissel.attachments.Find(id, nora).value().offset, 3U);
  ASSERT_TRUE(wissel.attachments.Put(id, nora, 3, AsBytes("lo")));
  EXPECT_TRUE(Finished(id, "hallo"));
}

TEST_F(AttachmentsTest, ItStandsBesideTheRecordThatItGoesWith) {
  const RecordId note =
      wissel.content.Note(trajectory, {"Huisbezoek", "rustig"}, Purpose::kCareCoordination, kGoals, {}).value().record;
  const RecordId id = Attached("a.txt", "hallo", note);
  Attached("b.txt", "los");
  const auto beside = upc.attachments.About(note);
  ASSERT_EQ(beside.size(), 1U);
  EXPECT_EQ(beside.front().item.id, id);
  UploadRequest request = Request("c.txt", 5);
  request.about = id;
  EXPECT_EQ(wissel.attachments.Begin(request, nora).error().rule, "attachment.about") << "a file with a file";
  request.about = note;
  request.categories = {};
  EXPECT_EQ(wissel.attachments.Begin(request, nora).value().request.categories, kGoals) << "as what it goes with";
}

TEST_F(AttachmentsTest, PiecesAreNoItemsAnywhere) {
  FollowService following(upc.engine, upc.cases, leuven.region.clock);
  SearchService search(upc.engine, upc.cases, leuven.region.clock);
  const std::string bytes = TextOf(3 * kPiece);
  const RecordId id = Attached("Rapport huisarts.txt", bytes);
  const auto since = following.Since(trajectory, upc.caller);
  ASSERT_TRUE(since);
  std::size_t files = 0;
  for (const TrajectoryChange& change : since->changes) {
    EXPECT_NE(change.kind, Kind::kAttachmentChunk);
    if (change.kind == Kind::kAttachment) ++files;
  }
  EXPECT_EQ(files, 1U);
  const auto items = upc.cases.Trajectory(trajectory).value().items;
  EXPECT_EQ(std::ranges::count(items, Kind::kAttachmentChunk, &CaseItem::kind), 0);
  upc.cases.With([](CaseFile& file) {
    for (const InboxItem& item : file.Inbox({}, {})) EXPECT_NE(item.kind, Kind::kAttachmentChunk);
  });
  EXPECT_EQ(search.Find({.words = "huisarts"}, upc.caller).value().records, std::vector<RecordId>{id});
  EXPECT_THAT(search.Find({.words = "regel"}, upc.caller).value().records, IsEmpty()) << "what is in it";
}

TEST_F(AttachmentsTest, WhatIsNotAllThereIsNotGivenOut) {
  const std::string bytes = TextOf(kPiece + 1);
  const Hash32 hash = Sha256(AsBytes(bytes));
  Draft draft;
  draft.kind = Kind::kAttachmentChunk;
  draft.trajectory = trajectory;
  draft.categories = kGoals;
  draft.recipients = {leuven.psychiatry.Self()};
  draft.body = EncodeBody(AttachmentChunkBody{0, ToBytes(AsBytes(bytes).first(kPiece))}).value();
  const RecordId first = wissel.engine.Say(draft).value();
  const auto head = [&](const RecordId& second) {
    draft.kind = Kind::kAttachment;
    draft.body = EncodeBody(AttachmentBody{"a.txt", "text/plain", kPiece + 1, Bytes(hash.begin(), hash.end()), kPiece,
                                           ChunkIds({first, second}), ""})
                     .value();
    return wissel.engine.Say(draft).value();
  };
  const RecordId waiting = head(RecordId(Id128{9}));
  EXPECT_EQ(upc.attachments.Of(trajectory).front().missing, 1U);
  const auto missing = upc.attachments.Open(waiting, upc.caller);
  EXPECT_EQ(missing.error().rule, "attachment.missing");
  EXPECT_EQ(missing.error().field, "1");
  EXPECT_EQ(upc.attachments.Open(head(first), upc.caller).error().rule, "attachment.broken") << "a piece out of place";
  draft.kind = Kind::kAttachmentChunk;
  draft.body = EncodeBody(AttachmentChunkBody{1, {'?'}}).value();
  const RecordId other = wissel.engine.Say(draft).value();
  EXPECT_EQ(upc.attachments.Open(head(other), upc.caller).error().rule, "attachment.broken") << "another hash";
}

TEST_F(AttachmentsTest, WhatIsTakenBackIsGoneWithItsPieces) {
  const std::string bytes = TextOf(2 * kPiece);
  const RecordId id = Attached("a.txt", bytes);
  const auto open = upc.attachments.Open(id, upc.caller);
  ASSERT_TRUE(open);
  ASSERT_TRUE(wissel.grants.Withdraw(grant, {"op vraag van Sam"}, {}));
  EXPECT_EQ(open->ReadFrom(0).error().rule, "view.withdrawn") << "also what was being read";
  EXPECT_EQ(upc.attachments.Open(id, upc.caller).error().rule, "view.withdrawn");
  EXPECT_TRUE(wissel.attachments.Open(id, wissel.caller)) << "its author keeps it";
}

TEST_F(AttachmentsTest, WhatWasSealedIsReadWholeByTheAuditorWhoOpenedItAndFor15Minutes) {
  const std::string bytes = TextOf(2 * kPiece);
  const RecordId id = Attached("a.txt", bytes);
  ASSERT_TRUE(wissel.grants.Withdraw(grant, {"op vraag van Sam"}, {}));
  leuven.psychiatry.AnswerForWhatWasTakenBack();
  Caller auditor = upc.caller;
  auditor.person = {"Els", StaffRole::kAuditor};
  EXPECT_EQ(upc.attachments.OpenUnsealed(id, auditor).error().rule, "seal.unopened");
  ASSERT_TRUE(upc.engine.Unseal(id, auditor.person, "klacht", std::chrono::seconds(1)));
  Caller other = auditor;
  other.person.name = "Wim";
  EXPECT_EQ(upc.attachments.OpenUnsealed(id, other).error().rule, "seal.unopened");
  const auto opened = upc.attachments.OpenUnsealed(id, auditor);
  ASSERT_TRUE(opened) << ToText(opened.error());
  std::string read;
  while (read.size() < opened->size) read += AsText(opened->ReadFrom(read.size()).value());
  EXPECT_EQ(read, bytes);
  leuven.region.clock.Advance(Engine::kUnsealedFor + std::chrono::seconds(1));
  EXPECT_EQ(upc.attachments.OpenUnsealed(id, auditor).error().rule, "seal.unopened");
  EXPECT_EQ(opened->ReadFrom(0).error().rule, "seal.unopened") << "also what was being read";
}

TEST_F(AttachmentsTest, WhoIsNotReachedHoldsItBackBeforeAPieceLeaves) {
  UploadRequest request = Request("a.txt", 5);
  request.audience.named = {leuven.psychiatry.Self(), leuven.school.Self()};
  const UploadId id = Uploaded(request, "hallo");
  const std::size_t before = wissel.engine.records();
  EXPECT_EQ(Finished(id, "hallo").value().outcome, Sent::Outcome::kHeldBack);
  EXPECT_EQ(wissel.engine.records(), before);
  AttachmentService::Finishing finishing;
  finishing.sha256 = Sha256(AsBytes("hallo"));
  finishing.accept_unreached = true;
  const auto sent = wissel.attachments.Finish(id, nora, finishing);
  ASSERT_TRUE(sent) << ToText(sent.error());
  EXPECT_EQ(sent->outcome, Sent::Outcome::kSent);
  EXPECT_EQ(sent->reaches, std::vector<OrgId>{leuven.psychiatry.Self()});
  EXPECT_FALSE(sent->missed);
  EXPECT_TRUE(upc.attachments.Open(sent->record, upc.caller));
}

TEST_F(AttachmentsTest, WithAnAnonymousQuestionGoesOnlyTextThatNamesNobody) {
  Audience audience;
  audience.named = {leuven.psychiatry.Self()};
  Screening screening;
  const auto asked = wissel.consultations.AskAnonymously({"", "Hoe pak je slapen aan?", Urgency::kNormal, {}},
                                                         {Category::kMentalHealth}, audience, screening);
  ASSERT_TRUE(asked) << ToText(asked.error());
  const auto request = [&](const std::string& name, std::size_t size) {
    UploadRequest made;
    made.about = asked->record;
    made.name = name;
    made.size = size;
    return made;
  };
  EXPECT_EQ(wissel.attachments.Begin(request("a.png", 5), nora).error().rule, "attachment.unreadable");
  EXPECT_EQ(wissel.attachments.Begin(request("a.txt", (1U << 20) + 1), nora).error().rule, "attachment.unreadable");
  const std::string named = "mail naar sam@post.example";
  const UploadId telling = Uploaded(request("a.txt", named.size()), named);
  AttachmentService::Finishing finishing;
  finishing.sha256 = Sha256(AsBytes(named));
  finishing.accept_findings = true;
  EXPECT_EQ(wissel.attachments.Finish(telling, nora, finishing).error().rule, "attachment.identifying");
  EXPECT_EQ(wissel.attachments.Find(telling, nora).error().rule, "upload.unknown") << "it can never go";
  // The words of a record, which a person may overrule.
  ASSERT_TRUE(wissel.content.Note(trajectory, {"t", "Met de zus Adetokunbo gesproken."}, Purpose::kCareCoordination,
                                  {Category::kGoals}, {}));
  const std::string planted = "adetokunbo slaapt weinig";
  const auto finished = [&](bool accept) {
    finishing.sha256 = Sha256(AsBytes(planted));
    finishing.accept_findings = accept;
    return wissel.attachments.Finish(Uploaded(request("b.txt", planted.size()), planted), nora, finishing);
  };
  std::vector<Finding> found;
  finishing.found = &found;
  EXPECT_EQ(finished(false).error().rule, "attachment.identifying");
  EXPECT_EQ(found, (std::vector<Finding>{{Identifying::kFromCaseFile, 5, 10}})) << "behind the name of the file";
  EXPECT_EQ(finished(false).error().field, "content") << "where it stands";
  EXPECT_THAT(wissel.attachments.Of(nora).value(), SizeIs(2)) << "a person may still look and overrule";
  EXPECT_TRUE(finished(true));
  const std::string plain = "slaapt weinig, staat laat op";
  const auto sent = Finished(Uploaded(request("a.txt", plain.size()), plain), plain);
  ASSERT_TRUE(sent) << ToText(sent.error());
  EXPECT_EQ(ReadAll(upc.attachments.Open(sent->record, upc.caller).value()), plain);
}

TEST_F(AttachmentsTest, AFileThatTellsForSureWhoItIsAboutGoesAtOnce) {
  Audience audience;
  audience.named = {leuven.psychiatry.Self()};
  Screening screening;
  const RecordId asked = wissel.consultations
                             .AskAnonymously({"", "Hoe pak je slapen aan?", Urgency::kNormal, {}},
                                             {Category::kMentalHealth}, audience, screening)
                             .value()
                             .record;
  ASSERT_TRUE(wissel.content.Note(trajectory, {"t", "Met de zus Adetokunbo gesproken."}, Purpose::kCareCoordination,
                                  {Category::kGoals}, {}));
  struct Case {
    const char* name;
    std::string file;
    std::string caption;
    std::string text;
    bool preview;
    const char* rule;
    bool stays;
  };
  const Case cases[] = {
      {"an address", "a.txt", "", "mail naar sam@post.example", false, "attachment.identifying", false},
      {"in a preview", "a.txt", "", "mail naar sam@post.example", true, "attachment.identifying", false},
      {"in the caption", "a.txt", "van sam@post.example", "slaapt weinig", false, "attachment.identifying", false},
      {"an account beside what may be overruled", "a.txt", "", "adetokunbo: BE68 5390 0754 7034", false,
       "attachment.identifying", false},
      {"what may be overruled", "a.txt", "", "adetokunbo slaapt weinig", false, "attachment.identifying", true},
      {"what cannot be read", "a.txt", "", "caf\xE9 en rust", false, "attachment.unreadable", false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    UploadRequest request;
    request.about = asked;
    request.name = c.file;
    request.caption = c.caption;
    request.size = c.text.size();
    const std::size_t before = wissel.engine.facts();
    const UploadId id = Uploaded(request, c.text);
    AttachmentService::Finishing finishing;
    finishing.sha256 = Sha256(AsBytes(c.text));
    finishing.preview = c.preview;
    EXPECT_EQ(wissel.attachments.Finish(id, nora, finishing).error().rule, c.rule);
    EXPECT_EQ(wissel.attachments.Find(id, nora).has_value(), c.stays);
    EXPECT_EQ(wissel.engine.facts(), before + (c.stays ? 1 : 0)) << "its bytes";
  }
}

// ---- Sharing again ----

class SharingFilesTest : public AttachmentsTest {
 protected:
  Office clb{leuven.region, leuven.school, "Jef Maes"};

  void SetUp() override {
    AttachmentsTest::SetUp();
    ASSERT_TRUE(wissel.trajectories.Invite(trajectory, leuven.school.Self(), {"", "welkom"}, std::nullopt, {}));
    ASSERT_TRUE(clb.trajectories.Join(trajectory, {"we doen mee"}, {}));
  }
  void GrantSchool() {
    GrantRequest request;
    request.trajectory = trajectory;
    request.recipient = leuven.school.Self();
    request.purposes = {Purpose::kCareCoordination};
    request.categories = kGoals;
    request.ends_at = leuven.region.clock.Now() + std::chrono::days(90);
    request.consented_by = "Sam";
    request.how = "ondertekend";
    ASSERT_TRUE(wissel.grants.Give(request, wissel.caller, {}));
  }
  Result<Sent> SharedWithSchool(const RecordId& id) {
    return wissel.attachments.ShareAgain({id, {}, Audience{.named = {leuven.school.Self()}}}, nora);
  }
  static std::size_t PiecesAt(const Engine& engine) {
    std::size_t count = 0;
    engine.Records([&](const HeldRecord& held) {
      count += held.header.kind == Kind::kAttachmentChunk ? 1 : 0;
      return true;
    });
    return count;
  }
};

TEST_F(SharingFilesTest, WhoCameLaterGetsTheFileWholeAndWhoWroteItFirst) {
  const std::string bytes = TextOf(10 * kPiece + 17);
  const RecordId id = Attached("Verslag mei.txt", bytes);
  GrantSchool();
  EXPECT_THAT(clb.attachments.Of(trajectory), IsEmpty()) << "it was sent before there was a grant";
  const std::size_t kept = wissel.engine.facts();
  const auto sent = SharedWithSchool(id);
  ASSERT_TRUE(sent) << ToText(sent.error());
  EXPECT_EQ(sent->reaches, std::vector<OrgId>{leuven.school.Self()});
  const auto content = clb.attachments.Open(sent->record, clb.caller);
  ASSERT_TRUE(content) << ToText(content.error());
  EXPECT_EQ(content->name, "Verslag mei.txt");
  EXPECT_EQ(ReadAll(*content), bytes);
  const auto shown = clb.reading.Show({sent->record}, clb.caller).value();
  const auto& file = std::get<AttachmentBody>(*shown.front().body);
  EXPECT_EQ(DecodeHeader(file.first).value().id, id);
  EXPECT_EQ(upc.attachments.Of(trajectory).size(), 1U) << "it had it already";
  EXPECT_THAT(wissel.attachments.Of(nora).value(), IsEmpty());
  EXPECT_EQ(wissel.engine.facts(), kept);
  // Shared on: the first header stays.
  const auto on = clb.attachments.ShareAgain(
      {sent->record, {}, Audience{.named = {leuven.youth_care.Self()}, .accept_unreached = true}}, "Jef Maes");
  ASSERT_TRUE(on) << ToText(on.error());
  const auto third = clb.reading.Show({on->record}, clb.caller).value();
  EXPECT_EQ(DecodeHeader(std::get<AttachmentBody>(*third.front().body).first).value().id, id);
}

TEST_F(SharingFilesTest, WithoutAGrantNotAPieceLeaves) {
  const RecordId id = Attached("a.txt", "hallo");
  const std::size_t before = wissel.engine.records();
  const auto held_back = SharedWithSchool(id);
  ASSERT_TRUE(held_back) << ToText(held_back.error());
  EXPECT_EQ(held_back->outcome, Sent::Outcome::kHeldBack);
  EXPECT_EQ(wissel.engine.records(), before);
  GrantSchool();
  const std::size_t granted = wissel.engine.records();
  const auto preview =
      wissel.attachments.ShareAgain({id, {}, Audience{.named = {leuven.school.Self()}, .preview = true}}, nora);
  EXPECT_EQ(preview.value().outcome, Sent::Outcome::kPreview);
  EXPECT_EQ(wissel.engine.records(), granted);
}

TEST_F(SharingFilesTest, WhatWasTakenBackIsNotSharedOn) {
  const RecordId id = Attached("a.txt", "hallo");
  GrantSchool();
  ASSERT_TRUE(wissel.grants.Withdraw(grant, {"op vraag van Sam"}, {}));
  const auto shared = upc.attachments.ShareAgain({id, {}, Audience{.named = {leuven.school.Self()}}}, "dokter Claes");
  ASSERT_FALSE(shared);
  EXPECT_EQ(shared.error().rule, "view.withdrawn");
}

TEST_F(SharingFilesTest, BesideAnotherRecordItKeepsWhatItIsAbout) {
  const CategorySet living{Category::kLiving};
  const auto note = [&](const char* title) {
    return wissel.content.Note(trajectory, {title, "x"}, Purpose::kCareCoordination, living, {}).value().record;
  };
  const RecordId second = note("Tweede gesprek");
  const RecordId id = Attached("a.txt", "hallo", note("Eerste gesprek"));
  const auto shared = wissel.attachments.ShareAgain({id, second, {}}, nora);
  ASSERT_TRUE(shared) << ToText(shared.error());
  EXPECT_EQ(shared->reaches, std::vector<OrgId>{leuven.psychiatry.Self()}) << "whom a grant on goals covers";
  const auto beside = wissel.attachments.About(second);
  ASSERT_EQ(beside.size(), 1U);
  EXPECT_EQ(beside.front().item.id, shared->record);
  EXPECT_EQ(beside.front().item.categories, kGoals);
  struct Case {
    const char* name;
    AttachmentService::Sharing sharing;
    const char* rule;
  };
  const Case cases[] = {
      {"with nobody, beside nothing", {id, {}, {}}, "share.to"},
      {"beside a file", {id, shared->record, {}}, "attachment.about"},
      {"what is no file", {second, {}, Audience{.named = {leuven.psychiatry.Self()}}}, "share.kind"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto refused = wissel.attachments.ShareAgain(c.sharing, nora);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().rule, c.rule);
  }
}

TEST_F(SharingFilesTest, WhoMayNotKnowWhoWroteItDoesNotGetIt) {
  GrantSchool();
  const std::string bytes = "van ons";
  const auto begun = upc.attachments.Begin(Request("a.txt", bytes.size()), "dokter Claes");
  ASSERT_TRUE(begun) << ToText(begun.error());
  ASSERT_TRUE(upc.attachments.Put(begun->id, "dokter Claes", 0, AsBytes(bytes)));
  GrantRequest back;
  back.trajectory = trajectory;
  back.recipient = leuven.youth_care.Self();
  back.purposes = {Purpose::kCareCoordination};
  back.categories = kGoals;
  back.ends_at = leuven.region.clock.Now() + std::chrono::days(90);
  back.consented_by = "Sam";
  back.how = "ondertekend";
  ASSERT_TRUE(wissel.grants.Give(back, wissel.caller, {}));
  AttachmentService::Finishing finishing;
  finishing.sha256 = Sha256(AsBytes(bytes));
  const auto sent = upc.attachments.Finish(begun->id, "dokter Claes", finishing);
  ASSERT_TRUE(sent) << ToText(sent.error());
  const std::size_t before = wissel.engine.records();
  const auto refused = SharedWithSchool(sent->record);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().rule, "share.hidden");
  EXPECT_EQ(refused.error().field, leuven.school.Self().value());
  EXPECT_EQ(wissel.engine.records(), before) << "not a piece left";
  // Beside another record it goes to whom a grant covers and who may know of the psychiatry.
  const RecordId note =
      wissel.content.Note(trajectory, {"t", "x"}, Purpose::kCareCoordination, kGoals, {}).value().record;
  const auto beside = wissel.attachments.ShareAgain({sent->record, note, {}}, nora);
  ASSERT_TRUE(beside) << ToText(beside.error());
  EXPECT_EQ(beside->reaches, std::vector<OrgId>{leuven.psychiatry.Self()});
  EXPECT_THAT(clb.attachments.Of(trajectory), IsEmpty());
}

TEST_F(SharingFilesTest, ACopySaysWhatItRepeatsAndNotThatItBelongsToThat) {
  const RecordId id = Attached("a.txt", "hallo");
  GrantSchool();
  const auto sent = SharedWithSchool(id);
  ASSERT_TRUE(sent) << ToText(sent.error());
  std::size_t pieces = 0;
  wissel.engine.Records([&](const HeldRecord& held) {
    const auto repeated = RepeatedBy(held.header);
    if (repeated) {
      EXPECT_EQ(*repeated, id);
      ++pieces;
    }
    return true;
  });
  EXPECT_EQ(pieces, 2U) << "the attachment and its one piece";
  ASSERT_EQ(clb.attachments.Of(trajectory).size(), 1U);
  EXPECT_EQ(clb.attachments.Of(trajectory).front().about, RecordId{});
}

TEST_F(SharingFilesTest, AnExceptionGoesAlong) {
  const RecordId id = Attached("a.txt", "hallo");
  GrantSchool();
  ASSERT_TRUE(wissel.content.Mark(id, {Exception::kAgogic, "nu te zwaar"}, {}));
  const auto shared = SharedWithSchool(id);
  ASSERT_TRUE(shared) << ToText(shared.error());
  EXPECT_EQ(ExceptionsOf(wissel.engine, trajectory).at(shared->record), Exception::kAgogic);
}

TEST_F(SharingFilesTest, AskedAgainItGoesOnWhereItStopped) {
  const std::string bytes = TextOf(10 * kPiece);
  const RecordId id = Attached("a.txt", bytes);
  GrantSchool();
  wissel.engine.RefuseToKeep(true);
  EXPECT_FALSE(SharedWithSchool(id));
  wissel.engine.RefuseToKeep(false);
  const std::size_t said = PiecesAt(wissel.engine);
  EXPECT_GT(said, 10U) << "some of them had been said";
  const auto sent = SharedWithSchool(id);
  ASSERT_TRUE(sent) << ToText(sent.error());
  EXPECT_EQ(PiecesAt(wissel.engine), 20U) << "none twice";
  EXPECT_EQ(ReadAll(clb.attachments.Open(sent->record, clb.caller).value()), bytes);
}

TEST_F(SharingFilesTest, ByAnotherThanTheFilesServiceItIsRefused) {
  const RecordId id = Attached("a.txt", "hallo");
  Audience audience;
  audience.named = {leuven.psychiatry.Self()};
  EXPECT_EQ(wissel.content.ShareAgain(id, audience).error().rule, "share.attachment");
}

TEST(UploadRows, OfASharingKeepItsSource) {
  Upload upload;
  upload.id = UploadId(Id128{1});
  upload.person = "Nora Peeters";
  upload.request.name = "a.txt";
  const Bytes of_bytes = EncodeUpload(upload);
  EXPECT_EQ(of_bytes[3], 1U) << "the version that it always had";
  EXPECT_TRUE(IsNone(DecodeUpload(of_bytes).value().source));
  upload.source = RecordId(Id128{2});
  const Bytes of_sharing = EncodeUpload(upload);
  EXPECT_EQ(DecodeUpload(of_sharing).value().source, upload.source);
  EXPECT_EQ(EncodeUpload(DecodeUpload(of_sharing).value()), of_sharing);
}

}  // namespace
}  // namespace schakel
