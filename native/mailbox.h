// Work that other threads leave for an environment's own thread: JavaScript called by the autograd engine, and the ends
// of awaited work. It is read by the event loop, or by the thread itself while it waits for another one.
#pragma once

#include <node_api.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace node_torch {

class Environment;

class Mailbox : public std::enable_shared_from_this<Mailbox> {
 public:
  using Task = std::function<void(Environment&)>;

  explicit Mailbox(Environment& environment);

  // The mailbox of the environment that this thread works for; null on threads that are nobody's.
  static void Bind(std::shared_ptr<Mailbox> mailbox);
  static std::shared_ptr<Mailbox> OfThread();

  // The environment, on its own thread only.
  Environment* Here() const;

  // From any thread.
  void Post(Task task);

  // From any thread: runs the task on the environment's thread with the caller's modes and streams, and waits. What it
  // throws is thrown here; so is an error when the environment ends first.
  void Run(const Task& task);

  // On the environment's thread: runs tasks until done() is true. Wake() makes it look again.
  void Serve(const std::function<bool()>& done);
  void Wake();

  // On the environment's thread: between both the event loop waits for more tasks.
  void Hold();
  void Release();

  // Nothing runs from here on.
  void Close();

  // How many JavaScript functions native memory holds.
  std::atomic<size_t> callbacks{0};

  // True inside of a task, on the environment's thread: whoever waits for its end cannot be waited for.
  bool running() const { return running_ > 0; }

 private:
  static void Read(napi_env env, napi_value function, void* context, void* data);
  bool Open();
  void RunOne(std::unique_lock<std::mutex>& lock);

  const std::thread::id thread_ = std::this_thread::get_id();
  Environment* environment_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  napi_threadsafe_function event_loop_ = nullptr;
  size_t held_ = 0;
  size_t running_ = 0;
  bool closed_ = false;
};

}  // namespace node_torch
