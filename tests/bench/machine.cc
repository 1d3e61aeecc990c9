#include "machine.h"

#include <fcntl.h>
#include <rocksdb/db.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <thread>
#include <zmq.hpp>

#include "load_agent.h"
#include "protocol/crypto.h"
#include "protocol/hpke.h"

namespace schakel::bench {
namespace {

template <typename F>
double PerSecond(double seconds, const F& once) {
  const std::uint64_t begin = NowNs();
  const auto end = begin + static_cast<std::uint64_t>(seconds * 1e9);
  std::uint64_t count = 0;
  while (NowNs() < end) {
    once();
    ++count;
  }
  return static_cast<double>(count) * 1e9 / static_cast<double>(NowNs() - begin);
}

void Disk(const std::filesystem::path& directory, double seconds, Report& report) {
  const std::filesystem::path path = directory / "sync-probe";
  const int file = open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) Die("cannot write in " + directory.string());
  const std::string block(4096, 'x');
  Latencies latencies;
  PerSecond(seconds, [&] {
    const std::uint64_t begin = NowNs();
    if (write(file, block.data(), block.size()) < 0 || fdatasync(file) != 0) Die("the disk refused");
    latencies.Add(NowNs() - begin);
  });
  close(file);
  std::filesystem::remove(path);
  report.Add("limit.fdatasync_4k.p50", "", "us", latencies.Percentile(50));
  report.Add("limit.fdatasync_4k.p99", "", "us", latencies.Percentile(99));
}

void RocksBatches(const std::filesystem::path& directory, double seconds, Report& report) {
  const std::filesystem::path path = directory / "rocks-probe";
  std::filesystem::remove_all(path);
  rocksdb::Options options;
  options.create_if_missing = true;
  options.compression = rocksdb::kNoCompression;
  rocksdb::DB* raw = nullptr;
  if (!rocksdb::DB::Open(options, path.string(), &raw).ok()) Die("cannot open a RocksDB probe");
  std::unique_ptr<rocksdb::DB> database(raw);
  const std::string value(512, 'x');
  std::uint64_t key = 0;
  for (int batch_size : {1, 64, 256}) {
    rocksdb::WriteOptions synced;
    synced.sync = true;
    const double rate = PerSecond(seconds, [&] {
      rocksdb::WriteBatch batch;
      for (int i = 0; i < batch_size; ++i) {
        ++key;
        batch.Put({reinterpret_cast<const char*>(&key), sizeof key}, value);
      }
      if (!database->Write(synced, &batch).ok()) Die("the RocksDB probe failed");
    });
    report.Add("limit.rocksdb_synced_512B", "batch=" + std::to_string(batch_size), "records/s", rate * batch_size);
  }
  database.reset();
  std::filesystem::remove_all(path);
}

std::string_view Raw(const std::array<std::uint8_t, 32>& key) {
  return {reinterpret_cast<const char*>(key.data()), key.size()};
}

// One DEALER against one ROUTER that answers 512 bytes with 32.
void CurveRoundTrips(double seconds, Report& report) {
  zmq::context_t context(2);
  const TransportKey server = TransportKey::Generate();
  const TransportKey client = TransportKey::Generate();
  zmq::socket_t router(context, zmq::socket_type::router);
  router.set(zmq::sockopt::curve_server, true);
  router.set(zmq::sockopt::linger, 0);
  router.set(zmq::sockopt::curve_secretkey,
             std::string_view(reinterpret_cast<const char*>(server.secret.view().data()), 32));
  router.bind("tcp://127.0.0.1:*");
  const std::string endpoint = router.get(zmq::sockopt::last_endpoint);
  std::thread echo([socket = std::move(router)]() mutable {
    for (;;) {
      zmq::message_t identity;
      zmq::message_t body;
      if (!socket.recv(identity) || !socket.recv(body)) return;
      const bool last = body.size() == 1;
      socket.send(identity, zmq::send_flags::sndmore);
      socket.send(zmq::buffer(std::string(32, 'a')), zmq::send_flags::none);
      if (last) return;
    }
  });
  zmq::socket_t dealer(context, zmq::socket_type::dealer);
  dealer.set(zmq::sockopt::linger, 1000);
  dealer.set(zmq::sockopt::curve_serverkey, Raw(server.public_key.value()));
  dealer.set(zmq::sockopt::curve_publickey, Raw(client.public_key.value()));
  dealer.set(zmq::sockopt::curve_secretkey,
             std::string_view(reinterpret_cast<const char*>(client.secret.view().data()), 32));
  dealer.connect(endpoint);
  const std::string body(512, 'b');
  Latencies latencies;
  PerSecond(seconds, [&] {
    const std::uint64_t begin = NowNs();
    dealer.send(zmq::buffer(body), zmq::send_flags::none);
    zmq::message_t answer;
    if (!dealer.recv(answer)) Die("no echo");
    latencies.Add(NowNs() - begin);
  });
  dealer.send(zmq::buffer("x", 1), zmq::send_flags::none);
  zmq::message_t answer;
  if (!dealer.recv(answer)) Die("no echo");
  echo.join();
  report.Add("limit.curve_round_trip_512B.p50", "window=1", "us", latencies.Percentile(50));
}

void Crypto(double seconds, Report& report) {
  const SigningKey key = SigningKey::Generate();
  const Bytes message(36, 7);
  const Signature signature = Sign(key, "schakel/bench/v1", message);
  report.Add("limit.ed25519_verify", "", "1/s", PerSecond(seconds, [&] {
               if (!Verify(key.public_key, "schakel/bench/v1", message, signature)) Die("verify");
             }));
  report.Add("limit.ed25519_sign", "", "1/s", PerSecond(seconds, [&] { Sign(key, "schakel/bench/v1", message); }));
  const Bytes body(512, 3);
  const Bytes secret(32, 9);
  report.Add("limit.seal_xchacha_512B", "", "1/s", PerSecond(seconds, [&] { SealXChaCha(secret, body, message); }));
  const AgreementKey recipient = AgreementKey::Generate();
  report.Add("limit.hpke_seal_key", "", "1/s", PerSecond(seconds, [&] {
               if (!HpkeSeal(recipient.public_key, message, message, secret)) Die("hpke");
             }));
}

}  // namespace

void MeasureLimits(const std::filesystem::path& directory, double seconds, Report& report) {
  Disk(directory, seconds, report);
  RocksBatches(directory, seconds, report);
  CurveRoundTrips(seconds, report);
  Crypto(seconds / 2, report);
}

}  // namespace schakel::bench
