//! The child: started at a terminal or with pipes, told every signal, waited for.

use std::{
    io,
    os::{fd::OwnedFd, unix::process::CommandExt as _},
    process::{Command, Stdio},
    sync::{Arc, Weak},
};

use rustix::process::{Pid, Signal, WaitOptions, WaitStatus, kill_current_process_group, kill_process_group, wait};

use super::{
    Program, StartError,
    output::{Keyboard, Stream, Target},
    redact::Secrets,
    signals::{self, Event, Signals},
    terminal,
};

/// How a child ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// By itself, with this code.
    Code(u8),
    /// By this signal.
    Signal(i32),
}

/// What became of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Supervised {
    /// How it ended.
    pub ended: Ended,
    /// How many secrets were masked in what it printed.
    pub masked: usize,
}

/// Starts a program in the place of this process; returns only when that fails.
#[must_use]
pub fn replace(program: &Program) -> StartError {
    let error = program.command().exec();
    StartError::of(program.name(), error)
}

/// Starts a program and waits for its end; with secrets, what it prints is redacted.
///
/// # Errors
/// When it does not start.
pub fn supervise(program: &Program, secrets: Option<&Secrets>) -> Result<Supervised, StartError> {
    start(program, secrets).map(Child::wait).map_err(|error| StartError::of(program.name(), error))
}

/// A child that runs.
struct Child {
    id: Pid,
    signals: Signals,
    streams: Vec<Stream>,
    /// Our ends of terminals that have to have the size of ours.
    terminals: Vec<Weak<OwnedFd>>,
    /// What is typed, where the child has a terminal that it is in control of.
    keyboard: Option<Keyboard>,
    _restored: terminal::Restored,
}

fn start(program: &Program, secrets: Option<&Secrets>) -> io::Result<Child> {
    // Before there is a child, so that its end is not missed.
    let signals = Signals::take()?;
    let mut child = Child {
        id: rustix::process::getpid(),
        signals,
        streams: Vec::new(),
        terminals: Vec::new(),
        keyboard: None,
        _restored: terminal::Restored,
    };
    let command = program.command();
    match secrets {
        None => child.id = spawned(command)?,
        Some(secrets) => {
            let at_terminal = terminal::is_terminal(io::stdin()) && terminal::is_terminal(io::stdout());
            if at_terminal && terminal::in_foreground() {
                child.at_own_terminal(command, secrets)?;
            } else {
                child.at_ours(command, secrets)?;
            }
        }
    }
    Ok(child)
}

fn spawned(mut command: Command) -> io::Result<Pid> {
    Ok(Pid::from_child(&command.spawn()?))
}

impl Child {
    /// Starts a child that is in control of a terminal of its own, so that full-screen programs and shells work in it.
    fn at_own_terminal(&mut self, command: Command, secrets: &Secrets) -> io::Result<()> {
        let (own, other) = terminal::controlling()?;
        let mut command = pty_process::blocking::Command::from(command);
        let mut stderr = None;
        if !terminal::is_terminal(io::stderr()) {
            let (from, to) = io::pipe()?;
            command = command.stderr(to);
            stderr = Some(from);
        }
        let spawned = command.spawn(other).map_err(|error| match error {
            pty_process::Error::Io(error) => error,
            pty_process::Error::Rustix(error) => error.into(),
        });
        self.id = Pid::from_child(&spawned?);
        let own = Arc::new(OwnedFd::from(own));
        terminal::make_raw();
        self.keyboard = Some(Keyboard::carry(Arc::clone(&own), self.id)?);
        self.terminals.push(Arc::downgrade(&own));
        self.streams.push(Stream::carry(own, Target::Stdout, secrets.clone())?);
        if let Some(stderr) = stderr {
            self.streams.push(Stream::carry(Arc::new(stderr.into()), Target::Stderr, secrets.clone())?);
        }
        Ok(())
    }

    /// Starts a child that reads what we would read. What it prints to a terminal goes through one that looks like it.
    fn at_ours(&mut self, mut command: Command, secrets: &Secrets) -> io::Result<()> {
        let terminals = [terminal::is_terminal(io::stdout()), terminal::is_terminal(io::stderr())];
        let mut streams: Vec<(Arc<OwnedFd>, Target)> = Vec::new();
        let mut shared = None;
        if terminals.contains(&true) {
            let (own, other) = terminal::for_output()?;
            let own = Arc::new(own);
            self.terminals.push(Arc::downgrade(&own));
            streams.push((own, if terminals[0] { Target::Stdout } else { Target::Stderr }));
            shared = Some(other);
        }
        for (is_terminal, target) in terminals.into_iter().zip([Target::Stdout, Target::Stderr]) {
            let end: Stdio = match &shared {
                Some(shared) if is_terminal => shared.try_clone()?.into(),
                _ => {
                    let (from, to) = io::pipe()?;
                    streams.push((Arc::new(from.into()), target));
                    to.into()
                }
            };
            match target {
                Target::Stdout => command.stdout(end),
                Target::Stderr => command.stderr(end),
            };
        }
        drop(shared);
        // With the command its ends of the streams are closed here.
        self.id = spawned(command)?;
        for (from, target) in streams {
            self.streams.push(Stream::carry(from, target, secrets.clone())?);
        }
        Ok(())
    }

    /// Waits for the end, and hands on signals until then.
    fn wait(mut self) -> Supervised {
        let ended = loop {
            if let Some(ended) = self.signals.wait().into_iter().find_map(|event| self.meet(event)) {
                break ended;
            }
        };
        // What it printed last is still on its way.
        drop(self.keyboard);
        let masked = self.streams.into_iter().map(Stream::finish).sum();
        Supervised { ended, masked }
    }

    fn meet(&mut self, event: Event) -> Option<Ended> {
        match event {
            Event::Child => return self.look(),
            Event::Resized => self.resize(),
            Event::Continued => {
                self.take_terminal();
                self.send(Signal::CONT.as_raw());
            }
            Event::Stopped => signals::stop(),
            // The child has a terminal of its own, so it was not told.
            Event::Key(signal) if self.keyboard.is_some() => self.send(signal),
            Event::Key(_) => {}
            Event::Sent(signal) if signal == Signal::TSTP.as_raw() && self.keyboard.is_some() => {
                let _ = kill_process_group(self.id, Signal::STOP);
            }
            Event::Sent(signal) if signal == Signal::TSTP.as_raw() => {
                self.send(signal);
                signals::stop();
            }
            Event::Sent(signal) => self.send(signal),
        }
        None
    }

    fn resize(&self) {
        self.terminals.iter().filter_map(Weak::upgrade).for_each(|own| terminal::resize(&*own));
    }

    fn send(&self, signal: i32) {
        signals::send(self.id, signal);
    }

    /// Looks what became of the child. Others are ours when this is the first process of a container.
    fn look(&mut self) -> Option<Ended> {
        while let Ok(Some((id, status))) = wait(WaitOptions::NOHANG | WaitOptions::UNTRACED) {
            if id != self.id {
                continue;
            }
            if let Some(ended) = ended(status) {
                return Some(ended);
            }
            if status.stopped() && self.keyboard.is_some() {
                self.stop_with_child();
            }
        }
        None
    }

    /// Stops as the child has, so that the shell which started us goes on; and goes on when it says so.
    fn stop_with_child(&mut self) {
        if let Some(keyboard) = &mut self.keyboard {
            keyboard.pause();
        }
        terminal::restore();
        // A key would have stopped all of our process group.
        let _ = kill_current_process_group(Signal::TSTP);
        signals::stop();
        self.take_terminal();
        let _ = kill_process_group(self.id, Signal::CONT);
    }

    /// Hands on what is typed, when this process is in the foreground again.
    fn take_terminal(&mut self) {
        if let Some(keyboard) = &mut self.keyboard
            && terminal::make_raw()
        {
            keyboard.resume();
            self.resize();
        }
    }
}

fn ended(status: WaitStatus) -> Option<Ended> {
    if let Some(code) = status.exit_status() {
        return Some(Ended::Code(u8::try_from(code & 0xff).expect("eight bits are a byte")));
    }
    status.terminating_signal().map(Ended::Signal)
}
