//! Running under the Service Control Manager: reports the service's state, and stops on its request.

use std::ffi::OsString;
use std::sync::OnceLock;
use std::time::Duration;

use tokio::sync::watch;
use windows_service::service::{
    ServiceControl, ServiceControlAccept, ServiceExitCode, ServiceState, ServiceStatus, ServiceType,
};
use windows_service::service_control_handler::{
    ServiceControlHandlerResult, ServiceStatusHandle, register,
};
use windows_service::{Error, define_windows_service, service_dispatcher};

use super::NAME;
use crate::configuration::Files;
use crate::failure::{Exit, Failure, Result};
use crate::program::in_runtime;
use crate::{log, service};

/// `ERROR_FAILED_SERVICE_CONTROLLER_CONNECT`: the manager didn't start the program.
const NO_MANAGER: i32 = 1063;

/// How long the manager waits for the next report.
const PATIENCE: Duration = Duration::from_secs(30);

/// A static, because the manager's callback has no context.
static FILES: OnceLock<Files> = OnceLock::new();
static STATUS: OnceLock<ServiceStatusHandle> = OnceLock::new();

define_windows_service!(entry, managed);

pub fn serve(files: Files) -> Result<Exit> {
    let files = FILES.get_or_init(|| files);
    match service_dispatcher::start(NAME, entry) {
        Ok(()) => Ok(Exit::Done),
        Err(Error::Winapi(error)) if error.raw_os_error() == Some(NO_MANAGER) => {
            service::until_signalled(files.clone())
        }
        Err(error) => {
            Err(Failure::Usage { why: format!("Windows doesn't start the service: {error}.") })
        }
    }
}

fn managed(_arguments: Vec<OsString>) {
    let Some(files) = FILES.get() else { return };
    let (stop, to_stop) = watch::channel(false);
    let told = move |control| match control {
        ServiceControl::Stop | ServiceControl::Shutdown => {
            stopping();
            // A missing receiver means that the service has stopped already.
            let _stopped = stop.send(true);
            ServiceControlHandlerResult::NoError
        }
        ServiceControl::Interrogate => ServiceControlHandlerResult::NoError,
        _ => ServiceControlHandlerResult::NotImplemented,
    };
    let Ok(status) = register(NAME, told) else { return };
    STATUS.get_or_init(|| status);
    tell(ServiceState::StartPending, ServiceExitCode::NO_ERROR);
    log::start_in(&files.log());
    let done = in_runtime(service::serve(files.clone(), to_stop));
    let code = match done {
        Ok(exit) => exit,
        Err(failure) => {
            tracing::error!(code = failure.code(), "{failure}");
            Exit::Failed
        }
    };
    tell(ServiceState::Stopped, ServiceExitCode::ServiceSpecific(code as u32));
}

pub fn ready() {
    tell(ServiceState::Running, ServiceExitCode::NO_ERROR);
}

pub fn stopping() {
    tell(ServiceState::StopPending, ServiceExitCode::NO_ERROR);
}

/// Does nothing if the manager didn't start the program.
fn tell(current_state: ServiceState, exit_code: ServiceExitCode) {
    let Some(status) = STATUS.get() else { return };
    let pending = matches!(current_state, ServiceState::StartPending | ServiceState::StopPending);
    let controls_accepted = match current_state {
        ServiceState::Running => ServiceControlAccept::STOP | ServiceControlAccept::SHUTDOWN,
        _ => ServiceControlAccept::empty(),
    };
    let told = status.set_service_status(ServiceStatus {
        service_type: ServiceType::OWN_PROCESS,
        current_state,
        controls_accepted,
        exit_code,
        checkpoint: 0,
        wait_hint: if pending { PATIENCE } else { Duration::ZERO },
        process_id: None,
    });
    if let Err(error) = told {
        tracing::debug!(%error, "the service manager can't be notified");
    }
}
