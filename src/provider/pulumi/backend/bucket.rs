//! State in a bucket: in two round trips, what there is, and then the file.

use jiff::Timestamp;

use super::{
    Bucket, Found, NotFound,
    layout::{Entry, Layout, META, STACKS, is_lock, newest, stack},
};
use crate::{
    diagnostic::{Failure, FailureKind},
    provider::{
        aws::{Aws, Listing, S3, Signed},
        pulumi::{name::StackName, state},
        read,
    },
};

/// Reads the state of a stack from a bucket.
///
/// # Errors
/// When there is no such stack, or something can't be read.
pub(in super::super) async fn read(aws: &Aws, bucket: &Bucket, name: &StackName) -> Result<Found, NotFound> {
    let signed = Signed::ambient(aws, "s3", bucket.profile.as_deref(), bucket.region.as_deref()).await?;
    let s3 = S3::new(signed, &bucket.name, bucket.endpoint.as_deref(), bucket.path_style).await?;
    let at = |path: &str| format!("{}{path}", bucket.prefix);
    let own = format!("{}/{}", Layout::Projects.folder(name), name.stack);
    // Right below it are the states themselves in the older layout, and the projects in this one.
    let top = at(&format!("{STACKS}/"));
    let (meta, states, locks) =
        (at(META), at(&format!("{own}.json")), at(&format!("{}/", Layout::Projects.locks(name))));
    let (meta, states, top_states, locks) = tokio::join!(
        s3.get(&meta, read::MAX_BYTES),
        s3.list(&states, None),
        s3.list(&top, Some('/')),
        s3.list(&locks, None),
    );
    // Who may not list can't tell whether a file is missing or denied; Pulumi then looks at the usual name, and so does this.
    let (states, denied) = match states {
        Ok(listing) => (listing, None),
        Err(failure) if failure.kind == FailureKind::Identity => (Listing::default(), Some(failure)),
        Err(failure) => return Err(failure.into()),
    };
    let meta = match meta {
        Err(_) if denied.is_some() => None,
        meta => meta?,
    };
    let top_states = match top_states {
        Err(_) if denied.is_some() => Listing::default(),
        top_states => top_states?,
    };
    let tops = entries(&top_states, &top);
    let layout = Layout::of(meta.as_deref(), tops.iter().map(|entry| entry.name.as_str())).map_err(|error| {
        Failure::new(FailureKind::Provider, format!("the backend `s3://{}` can't be read: {error}", bucket.name))
    })?;
    let folder = at(&format!("{}/", layout.folder(name)));
    let found = match layout {
        Layout::Projects => entries(&states, &folder),
        Layout::Legacy => tops,
    };
    let key = match (newest(&found, &name.stack), &denied) {
        (Some(entry), _) => format!("{folder}{}", entry.name),
        (None, Some(_)) => format!("{folder}{}.json", name.stack),
        (None, None) => return Err(missing(&s3, &top, &top_states, layout).await),
    };
    let bytes = match (s3.get(&key, state::MAX_BYTES).await, denied) {
        (Ok(Some(bytes)), _) => bytes,
        (Ok(None), None) => return Err(NotFound::Stack(Vec::new())),
        (_, Some(failure)) | (Err(failure), None) => return Err(failure.into()),
    };
    // Not to know of an update is no reason to stop.
    let locked = locks.is_ok_and(|locks| locks.files.iter().any(|file| is_lock(&file.key)));
    Ok(Found { bytes, legacy: layout == Layout::Legacy, locked })
}

/// Says that there is no such stack, and which there are.
async fn missing(s3: &S3<'_>, top: &str, top_states: &Listing, layout: Layout) -> NotFound {
    let mut known: Vec<String> = match layout {
        Layout::Legacy => {
            top_states.files.iter().filter_map(|file| stack(file.key.strip_prefix(top)?)).map(str::to_owned).collect()
        }
        Layout::Projects => {
            let all = s3.list(top, None).await.unwrap_or_default();
            all.files
                .iter()
                .filter_map(|file| stack(file.key.strip_prefix(top)?))
                .filter(|name| name.matches('/').count() == 1)
                .map(str::to_owned)
                .collect()
        }
    };
    known.sort();
    known.dedup();
    NotFound::Stack(known)
}

/// Returns the files right below a folder, by their names in it.
fn entries(listing: &Listing, folder: &str) -> Vec<Entry<Timestamp>> {
    let entry = |key: &str, modified| {
        let name = key.strip_prefix(folder).filter(|name| !name.contains('/'))?;
        Some(Entry { name: name.to_owned(), modified })
    };
    listing.files.iter().filter_map(|file| entry(&file.key, file.modified)).collect()
}
