//! Installing the service with the Service Control Manager: it starts with Windows as SYSTEM, and restarts
//! after a failure.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use windows_service::Error;
use windows_service::service::{
    Service, ServiceAccess, ServiceAction, ServiceActionType, ServiceErrorControl,
    ServiceFailureActions, ServiceFailureResetPeriod, ServiceInfo, ServiceStartType, ServiceState,
    ServiceType,
};
use windows_service::service_manager::{ServiceManager, ServiceManagerAccess};

use super::{NAME, place};
use crate::configuration::Files;
use crate::failure::{Failure, Result};

const DESCRIPTION: &str = "Keeps Muster's technicians in step with Active Directory.";

/// The wait before it is restarted.
const AFTER_A_FAILURE: Duration = Duration::from_secs(30);
const A_DAY: Duration = Duration::from_hours(24);

/// The longest wait for a start or stop: a stopping service first aborts its run on the server.
const TO_CHANGE: Duration = Duration::from_secs(30);
const TO_LOOK_AGAIN: Duration = Duration::from_millis(200);

/// `ERROR_ACCESS_DENIED`, `ERROR_SERVICE_DATABASE_LOCKED` and `ERROR_SERVICE_DOES_NOT_EXIST`.
const DENIED: i32 = 5;
const LOCKED: i32 = 1055;
const NO_SERVICE: i32 = 1060;

pub fn install(files: &Files) -> Result<Vec<String>> {
    let configuration =
        std::path::absolute(&files.configuration).ok().filter(|path| path.is_file()).ok_or_else(
            || Failure::NoConfiguration { path: files.configuration.display().to_string() },
        )?;
    let manager = manager(ServiceManagerAccess::CONNECT | ServiceManagerAccess::CREATE_SERVICE)?;
    let access = ServiceAccess::ALL_ACCESS;
    let before = existing(&manager, access)?;
    if let Some(service) = &before {
        // A running program can't be overwritten.
        stop(service)?;
    }
    let mut done = Vec::new();
    let program = placed(&mut done)?;
    let info = info(program, &configuration);
    let service = match before {
        Some(service) => service.change_config(&info).map(|()| service),
        None => manager.create_service(&info, access),
    }
    .map_err(|error| refused(&error))?;
    set_options(&service, &mut done);
    start(&service)?;
    let log = Files::new(configuration).log();
    done.push(format!("The service {NAME} is installed and starts: {} is its log.", log.display()));
    Ok(done)
}

fn info(executable_path: PathBuf, configuration: &Path) -> ServiceInfo {
    ServiceInfo {
        name: NAME.into(),
        display_name: "Muster directory synchronization".into(),
        service_type: ServiceType::OWN_PROCESS,
        start_type: ServiceStartType::AutoStart,
        error_control: ServiceErrorControl::Normal,
        executable_path,
        launch_arguments: vec!["--config".into(), configuration.into(), "run".into()],
        dependencies: Vec::new(),
        // SYSTEM.
        account_name: None,
        account_password: None,
    }
}

/// Sets options that the service can run without.
fn set_options(service: &Service, done: &mut Vec<String>) {
    let again = ServiceAction { action_type: ServiceActionType::Restart, delay: AFTER_A_FAILURE };
    let actions = ServiceFailureActions {
        reset_period: ServiceFailureResetPeriod::After(A_DAY),
        reboot_msg: None,
        command: None,
        // The last action applies to all further failures.
        actions: Some(vec![again]),
    };
    for (what, set) in [
        ("Its description", service.set_description(DESCRIPTION)),
        // The network and DNS must start first.
        ("Its delayed start", service.set_delayed_auto_start(true)),
        ("Its start after a failure", service.update_failure_actions(actions)),
        // An exit with an error code counts as a failure, too.
        ("Its start after an error", service.set_failure_actions_on_non_crash_failures(true)),
    ] {
        if let Err(error) = set {
            done.push(format!("{what} can't be set: {}.", why(&error)));
        }
    }
}

pub fn uninstall() -> Result<Vec<String>> {
    let manager = manager(ServiceManagerAccess::CONNECT)?;
    let access = ServiceAccess::QUERY_STATUS | ServiceAccess::STOP | ServiceAccess::DELETE;
    let Some(service) = existing(&manager, access)? else {
        return Ok(vec!["No service is installed.".to_owned()]);
    };
    stop(&service)?;
    service.delete().map_err(|error| refused(&error))?;
    Ok(vec![format!(
        "The service {NAME} is stopped and removed. Its configuration and secrets are still there."
    )])
}

/// The service's state in systemd's words.
pub fn state() -> Option<String> {
    let manager = manager(ServiceManagerAccess::CONNECT).ok()?;
    let service = existing(&manager, ServiceAccess::QUERY_STATUS).ok()??;
    let state = match service.query_status().ok()?.current_state {
        ServiceState::Running | ServiceState::ContinuePending => "active",
        ServiceState::StartPending => "activating",
        ServiceState::StopPending => "deactivating",
        ServiceState::Stopped | ServiceState::Paused | ServiceState::PausePending => "inactive",
    };
    Some(state.to_owned())
}

fn manager(access: ServiceManagerAccess) -> Result<ServiceManager> {
    ServiceManager::local_computer(None::<&OsStr>, access).map_err(|error| refused(&error))
}

fn existing(manager: &ServiceManager, access: ServiceAccess) -> Result<Option<Service>> {
    match manager.open_service(NAME, access) {
        Ok(service) => Ok(Some(service)),
        Err(error) if code(&error) == Some(NO_SERVICE) => Ok(None),
        Err(error) => Err(refused(&error)),
    }
}

fn start(service: &Service) -> Result<()> {
    // The manager starts only one service at a time.
    let started = || match service.start::<&OsStr>(&[]) {
        Err(error) if code(&error) == Some(LOCKED) => Ok(false),
        other => other.map(|()| true),
    };
    wait(started, "Windows is still starting other services. Try again.")
}

fn stop(service: &Service) -> Result<()> {
    let stopped = || Ok(service.query_status()?.current_state == ServiceState::Stopped);
    if stopped().map_err(|error| refused(&error))? {
        return Ok(());
    }
    service.stop().map_err(|error| refused(&error))?;
    wait(stopped, "the running service doesn't stop. Try again.")
}

fn wait(there: impl Fn() -> windows_service::Result<bool>, else_why: &str) -> Result<()> {
    for _ in 0..TO_CHANGE.as_millis() / TO_LOOK_AGAIN.as_millis() {
        if there().map_err(|error| refused(&error))? {
            return Ok(());
        }
        thread::sleep(TO_LOOK_AGAIN);
    }
    Err(Failure::Install { why: else_why.to_owned() })
}

fn refused(error: &Error) -> Failure {
    let why = if code(error) == Some(DENIED) {
        "this needs an administrator. Open the terminal as one.".to_owned()
    } else {
        why(error)
    };
    Failure::Install { why }
}

/// Windows's message.
fn why(error: &Error) -> String {
    match error {
        Error::Winapi(error) => error.to_string(),
        other => other.to_string(),
    }
}

fn code(error: &Error) -> Option<i32> {
    match error {
        Error::Winapi(error) => error.raw_os_error(),
        _ => None,
    }
}

/// Copies the program to a place that only administrators can change, because SYSTEM runs it.
fn placed(done: &mut Vec<String>) -> Result<PathBuf> {
    let programs = place("ProgramFiles", r"C:\Program Files");
    let program = programs.join(NAME).join("muster-sync.exe");
    let failed = |error: io::Error| Failure::Write {
        path: program.display().to_string(),
        why: error.to_string(),
    };
    let own = std::env::current_exe().map_err(failed)?;
    if own.starts_with(&programs) {
        return Ok(own);
    }
    fs::create_dir_all(programs.join(NAME)).map_err(failed)?;
    fs::copy(own, &program).map_err(failed)?;
    done.push(format!("The program is in {}.", program.display()));
    Ok(program)
}
