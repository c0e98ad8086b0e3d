// What outlives a function call: one C++ object in a memory context of its own, destroyed by the context's reset
// callback, so that it dies with its context whichever way that goes. No global in this project has a destructor.
#pragma once

#include "pg/call.hpp"

namespace pg {

// Switches the server's current memory context for a scope.
class InContext : faults::Counted {
 public:
  explicit InContext(MemoryContext context) noexcept : previous_{MemoryContextSwitchTo(context)} {}
  InContext(const InContext&) = delete;
  InContext& operator=(const InContext&) = delete;
  ~InContext() { MemoryContextSwitchTo(previous_); }

 private:
  MemoryContext previous_;
};

// Memory for a scope: what the server allocates in it is given back at its end.
class Scratch : faults::Counted {
 public:
  Scratch()
      : context_{call(::AllocSetContextCreateInternal, CurrentMemoryContext, "steward scratch",
                      Size{ALLOCSET_DEFAULT_MINSIZE}, Size{ALLOCSET_DEFAULT_INITSIZE},
                      Size{ALLOCSET_DEFAULT_MAXSIZE})},
        previous_{MemoryContextSwitchTo(context_)} {}
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    MemoryContextSwitchTo(previous_);
    MemoryContextDelete(context_);
  }

 private:
  MemoryContext context_, previous_;
};

// A pointer for a static variable. The object is made on first use under a context that the caller names; when that
// context is reset the object is destroyed and the pointer is empty again.
template <typename T>
class Resident {
 public:
  T* get() const noexcept { return object_; }

  template <typename... Args>
  T& make(MemoryContext parent, const char* name, Args&&... args) {
    drop();
    MemoryContext context = call(::AllocSetContextCreateInternal, parent, name, Size{ALLOCSET_SMALL_MINSIZE},
                                 Size{ALLOCSET_SMALL_INITSIZE}, Size{ALLOCSET_SMALL_MAXSIZE});
    try {
      auto* holder = static_cast<Holder*>(call(::MemoryContextAlloc, context, sizeof(Holder)));
      holder->owner = this;
      new (&holder->storage) T(std::forward<Args>(args)...);
      holder->callback.func = [](void* argument) { destroy(static_cast<Holder*>(argument)); };
      holder->callback.arg = holder;
      MemoryContextRegisterResetCallback(context, &holder->callback);
      object_ = holder->object();
      context_ = context;
    } catch (...) {
      MemoryContextDelete(context);
      throw;
    }
    return *object_;
  }

  void drop() noexcept {
    if (object_ != nullptr) MemoryContextDelete(context_);
  }

 private:
  struct Holder {
    Resident* owner;
    MemoryContextCallback callback;
    alignas(T) std::byte storage[sizeof(T)];
    T* object() { return std::launder(reinterpret_cast<T*>(&storage)); }
  };

  static void destroy(Holder* holder) noexcept {
    holder->owner->object_ = nullptr;
    holder->object()->~T();
  }

  T* object_ = nullptr;
  MemoryContext context_ = nullptr;
};

}  // namespace pg
