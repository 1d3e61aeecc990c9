// Runs a fuzz target without libFuzzer: every seed of a folder as it is, then mutations of them. Each mutation follows
// from --seed and its number alone, so what failed can be run again by itself with --first=NUMBER --runs=1.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
// The sanitizers' way to die; absent without them.
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace {

using Input = std::vector<std::uint8_t>;

constexpr std::size_t kInputBytesMax = 64U << 10;

struct Options {
  std::string corpus;
  std::uint64_t runs = 20000;
  std::uint64_t seed = 1;
  std::uint64_t first = 0;
};

// What is being run, for the message if it turns out to be the last.
std::array<char, 256> running{};

void SetRunning(const std::string& text) {
  const std::size_t size = text.copy(running.data(), running.size() - 2);
  running[size] = '\n';
  running[size + 1] = '\0';
}
void TellWhatRan() {
  const std::string_view text(running.data());
  static_cast<void>(!write(STDERR_FILENO, text.data(), text.size()));
}
void OnSignal(int signal) {
  TellWhatRan();
  std::signal(signal, SIG_DFL);
  static_cast<void>(std::raise(signal));
}

std::optional<std::uint64_t> ParseNumber(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Options> ParseOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument(argv[i]);
    const std::size_t equals = argument.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const std::string_view name = argument.substr(0, equals);
    const std::string_view value = argument.substr(equals + 1);
    if (name == "--corpus") {
      options.corpus = value;
      continue;
    }
    const auto number = ParseNumber(value);
    if (!number) return std::nullopt;
    if (name == "--runs") {
      options.runs = *number;
    } else if (name == "--seed") {
      options.seed = *number;
    } else if (name == "--first") {
      options.first = *number;
    } else {
      return std::nullopt;
    }
  }
  if (options.corpus.empty()) return std::nullopt;
  return options;
}

struct Seed {
  std::string name;
  Input bytes;
};

std::vector<Seed> ReadSeeds(const std::filesystem::path& folder) {
  std::vector<Seed> seeds;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    seeds.push_back({entry.path().filename().string(),
                     Input(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>())});
  }
  std::ranges::sort(seeds, {}, &Seed::name);  // Or runs would differ from one file system to another.
  return seeds;
}

class Mutator {
 public:
  Mutator(const std::vector<Seed>& seeds, std::uint64_t seed, std::uint64_t run) : seeds_(seeds) {
    std::seed_seq sequence{seed, seed >> 32, run, run >> 32};
    random_.seed(sequence);
  }

  Input Draw() {
    input_ = AnySeed();
    for (std::size_t i = 1 + Below(6); i > 0; --i) Mutate();
    if (input_.size() > kInputBytesMax) input_.resize(kInputBytesMax);
    return std::move(input_);
  }

 private:
  std::size_t Below(std::size_t bound) { return bound == 0 ? 0 : static_cast<std::size_t>(random_() % bound); }
  std::uint8_t Byte() { return static_cast<std::uint8_t>(random_()); }
  const Input& AnySeed() { return seeds_[Below(seeds_.size())].bytes; }
  Input::iterator Place() { return input_.begin() + static_cast<std::ptrdiff_t>(Below(input_.size() + 1)); }
  // A stretch of `from`, mostly short.
  Input Piece(const Input& from) {
    const std::size_t begin = Below(from.size());
    const std::size_t size = std::min(from.size() - begin, Below(4) == 0 ? Below(from.size() + 1) : Below(9));
    const auto first = from.begin() + static_cast<std::ptrdiff_t>(begin);
    return {first, first + static_cast<std::ptrdiff_t>(size)};
  }
  void Insert(const Input& piece) { input_.insert(Place(), piece.begin(), piece.end()); }

  void Mutate() {
    constexpr std::array<std::uint8_t, 16> kTelling{0x00, 0x01, 0x7f, 0x80, 0x90, 0xa0, 0xc0, 0xc4,
                                                    0xcc, 0xd9, 0xdc, 0xdd, 0xff, '\n', '+',  '='};
    const std::size_t at = Below(input_.size());
    switch (Below(9)) {
      case 0:
        if (!input_.empty()) input_[at] = static_cast<std::uint8_t>(input_[at] ^ 1U << Below(8));
        break;
      case 1:
        if (!input_.empty()) input_[at] = Byte();
        break;
      case 2:
        if (!input_.empty()) input_[at] = kTelling[Below(kTelling.size())];
        break;
      case 3:
        if (!input_.empty()) input_[at] = static_cast<std::uint8_t>(input_[at] + (Below(2) == 0 ? 1 : 255));
        break;
      case 4:
        input_.insert(Place(), Byte());
        break;
      case 5:
        Insert(Piece(AnySeed()));
        break;
      case 6:
        Insert(Piece(Input(input_)));
        break;
      case 7: {
        const std::size_t size = Piece(input_).size();
        const std::size_t end = std::min(input_.size(), at + size);
        input_.erase(input_.begin() + static_cast<std::ptrdiff_t>(at),
                     input_.begin() + static_cast<std::ptrdiff_t>(end));
        break;
      }
      default:
        input_.resize(Below(input_.size() + 1));
    }
  }

  const std::vector<Seed>& seeds_;
  std::mt19937_64 random_;
  Input input_;
};

void Run(const Input& input) {
  // Of just this size, so that a sanitizer sees a read past the end.
  const auto exact = std::make_unique<std::uint8_t[]>(input.size());
  std::ranges::copy(input, exact.get());
  LLVMFuzzerTestOneInput(exact.get(), input.size());
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = ParseOptions(argc, argv);
  if (!options) {
    static_cast<void>(std::fputs("usage: --corpus=FOLDER [--runs=N] [--seed=N] [--first=N]\n", stderr));
    return 2;
  }
  for (const int signal : {SIGABRT, SIGFPE, SIGILL}) std::signal(signal, &OnSignal);
  if (__sanitizer_set_death_callback != nullptr) {
    __sanitizer_set_death_callback(&TellWhatRan);
  } else {
    for (const int signal : {SIGSEGV, SIGBUS}) std::signal(signal, &OnSignal);
  }

  const std::vector<Seed> seeds = ReadSeeds(options->corpus);
  if (seeds.empty()) {
    static_cast<void>(std::fprintf(stderr, "error: no seeds in %s\n", options->corpus.c_str()));
    return 1;
  }
  for (const Seed& seed : seeds) {
    SetRunning("fuzz: failed on the seed " + seed.name);
    Run(seed.bytes);
  }
  for (std::uint64_t run = options->first; run < options->first + options->runs; ++run) {
    SetRunning("fuzz: failed; again with --seed=" + std::to_string(options->seed) + " --first=" + std::to_string(run) +
               " --runs=1");
    Run(Mutator(seeds, options->seed, run).Draw());
  }
  std::printf("%zu seeds and %llu mutations passed, --seed=%llu\n", seeds.size(),
              static_cast<unsigned long long>(options->runs), static_cast<unsigned long long>(options->seed));
  return 0;
}
