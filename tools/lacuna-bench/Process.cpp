// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Process.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace lacuna::bench;
using namespace lacuna::runtime;
using Clock = std::chrono::steady_clock;

static volatile std::sig_atomic_t interruptions = 0;

static void onInterrupt(int number) {
  if (++interruptions > 1) {
    std::signal(number, SIG_DFL);
    raise(number);
  }
}

void lacuna::bench::catchInterrupts() {
  struct sigaction action = {};
  action.sa_handler = onInterrupt; // without SA_RESTART: waits must end
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

bool lacuna::bench::interrupted() { return interruptions > 0; }

/// In the child. Only calls that are allowed after fork.
[[noreturn]] static void becomeWorker(const std::vector<char *> &arguments, const char *folder, int input, int output,
                                      int error, int report) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (int number : {SIGINT, SIGTERM, SIGPIPE})
    std::signal(number, SIG_DFL);
  bool ready = dup2(input, 0) >= 0 && dup2(output, 1) >= 0 && dup2(error, 2) >= 0 && (!*folder || chdir(folder) == 0);
  if (ready)
    execvp(arguments[0], arguments.data());
  int problem = errno;
  if (write(report, &problem, sizeof(problem))) {
  }
  _exit(127);
}

Result<std::unique_ptr<Process>> Process::start(const std::vector<std::string> &command, const std::string &folder,
                                                const std::string &errorFile) {
  int toChild[2], fromChild[2], report[2];
  auto systemFailure = [&](int problem) {
    return failure(LACUNA_IO_ERROR, "cannot start '" + command[0] + "': " + std::strerror(problem));
  };
  if (pipe2(toChild, O_CLOEXEC) || pipe2(fromChild, O_CLOEXEC) || pipe2(report, O_CLOEXEC))
    return systemFailure(errno);
  int error = open(errorFile.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (error < 0)
    return systemFailure(errno);
  std::vector<char *> arguments;
  for (const std::string &argument : command)
    arguments.push_back(const_cast<char *>(argument.c_str()));
  arguments.push_back(nullptr);
  int pid = fork();
  if (pid == 0)
    becomeWorker(arguments, folder.c_str(), toChild[0], fromChild[1], error, report[1]);
  int forkProblem = errno;
  for (int unused : {toChild[0], fromChild[1], report[1], error})
    close(unused);
  fcntl(toChild[1], F_SETFL, O_NONBLOCK); // a worker that does not read must not stop us
  std::unique_ptr<Process> process(new Process(pid, toChild[1], fromChild[0]));
  int problem = pid < 0 ? forkProblem : 0;
  if (pid > 0 && read(report[0], &problem, sizeof(problem)) != ssize_t(sizeof(problem)))
    problem = 0; // closed by exec
  close(report[0]);
  if (problem)
    return systemFailure(problem);
  return process;
}

Process::~Process() {
  kill();
  close(input);
  close(output);
}

using Moment = std::chrono::time_point<Clock, std::chrono::duration<double>>;

static Moment after(double seconds) { return Clock::now() + std::chrono::duration<double>(seconds); }

static double secondsUntil(Moment end) { return (end - Moment(Clock::now())).count(); }

/// Waits for an event of a pipe, in short waits: a signal that comes just before poll would be slept over.
static bool waitFor(int file, short event, double seconds) {
  pollfd wait = {file, event, 0};
  return poll(&wait, 1, int(std::min(seconds * 1000 + 1, 500.0))) > 0;
}

bool Process::send(const std::string &line, double seconds) {
  Moment end = after(seconds);
  std::string text = line + "\n";
  for (size_t done = 0; done < text.size();) {
    double left = secondsUntil(end);
    if (left <= 0 || interrupted())
      return false;
    if (!waitFor(input, POLLOUT, left))
      continue;
    ssize_t count = write(input, text.data() + done, text.size() - done);
    if (count < 0 && errno != EINTR && errno != EAGAIN)
      return false;
    done += count > 0 ? size_t(count) : 0;
  }
  return true;
}

Process::Answer Process::receive(std::string &line, double seconds) {
  Moment end = after(seconds);
  for (;;) {
    if (size_t newline = buffered.find('\n'); newline != buffered.npos) {
      line = buffered.substr(0, newline);
      buffered.erase(0, newline + 1);
      return Answer::Line;
    }
    double left = secondsUntil(end);
    if (interrupted())
      return Answer::Interrupted;
    if (left <= 0)
      return Answer::Timeout;
    if (!waitFor(output, POLLIN, left))
      continue;
    char bytes[65536];
    ssize_t count = read(output, bytes, sizeof(bytes));
    if (count == 0 || (count < 0 && errno != EINTR))
      return Answer::Closed;
    buffered.append(bytes, size_t(std::max<ssize_t>(count, 0)));
  }
}

void Process::kill() {
  if (pid <= 0)
    return;
  ::kill(-pid, SIGKILL);
  ::kill(pid, SIGKILL); // before it has its group
  stop(1e9);
}

std::string Process::stop(double patience) {
  if (pid <= 0)
    return ending;
  Moment end = after(patience);
  int status = 0;
  bool forced = false;
  siginfo_t information = {};
  while (waitid(P_PID, id_t(pid), &information, WEXITED | WNOHANG | WNOWAIT) == 0 && information.si_pid == 0) {
    if (!forced && secondsUntil(end) < 0) {
      forced = true;
      ::kill(-pid, SIGKILL);
      ::kill(pid, SIGKILL);
    }
    usleep(2000);
  }
  ::kill(-pid, SIGKILL); // what it left behind, while its number is still taken
  waitpid(pid, &status, 0);
  pid = 0;
  if (WIFSIGNALED(status))
    ending = "was ended by signal " + std::to_string(WTERMSIG(status)) + " (" + strsignal(WTERMSIG(status)) + ")";
  else
    ending = "exited with status " + std::to_string(WEXITSTATUS(status));
  return ending;
}
