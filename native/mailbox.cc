#include "mailbox.h"

#include <c10/util/Exception.h>

#include <atomic>

#include "caller.h"
#include "environment.h"

namespace node_torch {

namespace {
thread_local std::shared_ptr<Mailbox> of_thread;

struct Running {
  explicit Running(size_t& count) : count(++count) {}
  ~Running() { --count; }
  size_t& count;
};
}  // namespace

Mailbox::Mailbox(Environment& environment) : environment_(&environment) {}

void Mailbox::Bind(std::shared_ptr<Mailbox> mailbox) { of_thread = std::move(mailbox); }

std::shared_ptr<Mailbox> Mailbox::OfThread() { return of_thread; }

Environment* Mailbox::Here() const { return std::this_thread::get_id() == thread_ ? environment_ : nullptr; }

// Made at the first use: a program that never leaves its thread has no handle in its event loop.
bool Mailbox::Open() {
  if (event_loop_) return true;
  std::lock_guard<std::mutex> lock(mutex_);
  napi_env env = environment_->env;
  napi_value name = nullptr;
  // Owns a share of the mailbox, as the event loop may read it after the environment's teardown.
  auto* self = new std::shared_ptr<Mailbox>(shared_from_this());
  const auto finalize = [](napi_env, void* data, void*) { delete static_cast<std::shared_ptr<Mailbox>*>(data); };
  if (napi_create_string_utf8(env, "libtorch-node", NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, self, finalize, this, Read, &event_loop_) !=
          napi_ok) {
    delete self;
    return false;
  }
  napi_unref_threadsafe_function(env, event_loop_);
  return true;
}

void Mailbox::Post(Task task) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (closed_) return;
  tasks_.push_back(std::move(task));
  changed_.notify_all();
  // A closing function takes no second call.
  if (event_loop_ && napi_call_threadsafe_function(event_loop_, nullptr, napi_tsfn_nonblocking) != napi_ok) {
    event_loop_ = nullptr;
  }
}

void Mailbox::Run(const Task& task) {
  if (std::this_thread::get_id() == thread_) {
    TORCH_CHECK(environment_, "the JavaScript environment that this callback belongs to has ended");
    const Running running(running_);
    return task(*environment_);
  }
  bool done = false;
  std::atomic<bool> started{false};
  std::exception_ptr error;
  const Caller caller;
  Post([&](Environment& environment) {
    started = true;
    try {
      const CallerGuard guard(caller);
      task(environment);
    } catch (...) {
      error = std::current_exception();
    }
    std::lock_guard<std::mutex> lock(mutex_);
    done = true;
    changed_.notify_all();
  });
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [&] { return done || (closed_ && !started); });
  TORCH_CHECK(done, "the JavaScript environment that this callback belongs to has ended");
  if (error) std::rethrow_exception(error);
}

void Mailbox::RunOne(std::unique_lock<std::mutex>& lock) {
  const Task task = std::move(tasks_.front());
  tasks_.pop_front();
  lock.unlock();
  {
    const Running running(running_);
    task(*environment_);
  }
  lock.lock();
}

void Mailbox::Serve(const std::function<bool()>& done) {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!done()) {
    if (tasks_.empty() || closed_) {
      changed_.wait(lock);
    } else {
      RunOne(lock);
    }
  }
}

void Mailbox::Wake() {
  std::lock_guard<std::mutex> lock(mutex_);
  changed_.notify_all();
}

void Mailbox::Read(napi_env env, napi_value, void* context, void*) {
  if (!env) return;
  const auto self = static_cast<Mailbox*>(context)->shared_from_this();
  std::unique_lock<std::mutex> lock(self->mutex_);
  while (!self->tasks_.empty() && !self->closed_) self->RunOne(lock);
}

void Mailbox::Hold() {
  TORCH_CHECK(Open(), "the event loop does not take work any more");
  if (held_++ == 0 && event_loop_) napi_ref_threadsafe_function(environment_->env, event_loop_);
}

void Mailbox::Release() {
  if (--held_ == 0 && event_loop_) napi_unref_threadsafe_function(environment_->env, event_loop_);
}

void Mailbox::Close() {
  std::lock_guard<std::mutex> lock(mutex_);
  closed_ = true;
  tasks_.clear();
  environment_ = nullptr;
  changed_.notify_all();
}

}  // namespace node_torch
