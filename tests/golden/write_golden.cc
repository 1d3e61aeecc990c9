// Writes anew what follows from the samples: the golden bytes, the fuzzers' seeds and the examples of docs/protocol.md.
// By hand, when a format changes before its first release; `git diff` then shows what that means.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "support/paths.h"
#include "support/spec_document.h"
#include "unit/protocol/samples.h"
#include "unit/protocol/spec_content.h"

namespace schakel::test {
namespace {

const std::filesystem::path kSource = SourceDir();

void Write(const std::filesystem::path& path, std::string_view text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  SCHAKEL_ASSERT(file.good());
}

std::string CorpusOf(const Sample& sample) {
  if (sample.reencode == &ReencodeHeader || sample.reencode == &ReencodePayload ||
      sample.reencode == &ReencodeStanzaProof) {
    return "record";
  }
  if (sample.reencode == &ReencodeStatement || sample.reencode == &ReencodeSignedStatement) return "statement";
  if (sample.reencode == &ReencodeEntry || sample.reencode == &ReencodeSlots) return "entry";
  if (sample.reencode == &ReencodeEvidence) return "evidence";
  if (sample.reencode == &ReencodeArchive) return "archive";
  if (sample.reencode == &ReencodeMessage) return "wire";
  if (sample.reencode == &ReencodeInvitation) return "invitation";
  if (sample.reencode == &ReencodePolicy) return "policy";
  return {};
}

void WriteAll() {
  for (const Sample& sample : Samples()) {
    Write(kSource / "tests/golden/protocol-v1" / (sample.name + ".hex"), HexLines(sample.bytes));
    const std::string corpus = CorpusOf(sample);
    if (!corpus.empty()) Write(kSource / "tests/fuzz/corpus" / corpus / sample.name, AsText(sample.bytes));
  }
  const auto document_path = kSource / "docs/protocol.md";
  SpecDocument document = SpecDocument::Read(document_path);
  for (const SpecStretch& stretch : SpecContent()) {
    if (document.Find(stretch.language, stretch.name) == nullptr) {
      static_cast<void>(
          std::fprintf(stderr, "docs/protocol.md has no %s %s\n", stretch.language.c_str(), stretch.name.c_str()));
      continue;
    }
    document.Replace(stretch.language, stretch.name, stretch.text);
  }
  Write(document_path, document.text());
}

}  // namespace
}  // namespace schakel::test

int main() {
  schakel::test::WriteAll();
  return 0;
}
