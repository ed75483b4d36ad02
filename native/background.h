// One thread per environment for work that JavaScript awaits; first in, first out. Joined when the environment ends.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "allocation-count.h"
#include "mailbox.h"

namespace node_torch {

class Background {
 public:
  // What the work allocates and frees counts as the environment's.
  Background(MemoryCounter* counter, std::shared_ptr<Mailbox> mailbox)
      : counter_(counter), mailbox_(std::move(mailbox)) {}

  // The work must not throw.
  void Post(std::function<void()> work);

  // Runs the work on a thread beside this one, for a callback of what already runs here.
  std::thread Aside(std::function<void()> work);

  // Whether any work is waiting or running.
  bool busy();

  // Drops what waits, and waits for what runs.
  void Join();
  // Where the running work waits for the calling thread, which is ending the process.
  void Abandon();

 private:
  void Prepare();
  void Loop();

  MemoryCounter* const counter_;
  const std::shared_ptr<Mailbox> mailbox_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> work_;
  std::thread thread_;
  bool running_ = false;
  bool stopping_ = false;
};

}  // namespace node_torch
