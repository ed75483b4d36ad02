#include "background.h"

#include <ATen/Parallel.h>

#include "warnings.h"

namespace node_torch {

void Background::Post(std::function<void()> work) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (stopping_) return;
  work_.push_back(std::move(work));
  if (!thread_.joinable()) thread_ = std::thread([this] { Loop(); });
  changed_.notify_one();
}

bool Background::busy() {
  std::lock_guard<std::mutex> lock(mutex_);
  return running_ || !work_.empty();
}

std::thread Background::Aside(std::function<void()> work) {
  return std::thread([this, work = std::move(work)] {
    Prepare();
    work();
  });
}

void Background::Prepare() {
  at::init_num_threads();
  AllocationCount::CountFor(counter_);
  Mailbox::Bind(mailbox_);
  HearWarnings();
}

void Background::Loop() {
  Prepare();
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return stopping_ || !work_.empty(); });
    if (stopping_) return;
    {
      const std::function<void()> work = std::move(work_.front());
      work_.pop_front();
      running_ = true;
      lock.unlock();
      work();
    }
    lock.lock();
    running_ = false;
  }
}

void Background::Join() {
  std::deque<std::function<void()>> dropped;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    dropped.swap(work_);
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Background::Abandon() {
  if (thread_.joinable()) thread_.detach();
}

}  // namespace node_torch
