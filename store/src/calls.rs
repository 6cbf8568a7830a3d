//! How statements reach the database: each ends with an error once the server is lost, and leaves no
//! prepared statement behind where the connection keeps none.

use futures::FutureExt;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use sqlx::any::{AnyArguments, AnyQueryResult, AnyRow, AnyStatement, AnyTypeInfo};
use sqlx::error::BoxDynError;
use sqlx::{Any, AnyConnection, Either, Error, Execute, Executor, SqlStr};

use crate::pools::Link;

/// A connection, for one statement.
#[derive(Debug)]
pub(crate) struct Calls<'c> {
    connection: &'c mut AnyConnection,
    link: &'c Link,
}

impl<'c> Calls<'c> {
    pub fn new(connection: &'c mut AnyConnection, link: &'c Link) -> Self {
        Self { connection, link }
    }
}

impl<'c> Executor<'c> for Calls<'c> {
    type Database = Any;

    fn fetch_many<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxStream<'e, Result<Either<AnyQueryResult, AnyRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        let Self { connection, link } = self;
        let query = Statement { query, prepares: link.prepares };
        link.lost.guard(connection.fetch_many(query))
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<AnyRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        let Self { connection, link } = self;
        let query = Statement { query, prepares: link.prepares };
        link.lost.race(connection.fetch_optional(query)).boxed()
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [AnyTypeInfo],
    ) -> BoxFuture<'e, Result<AnyStatement, Error>>
    where
        'c: 'e,
    {
        let Self { connection, link } = self;
        link.lost.race(connection.prepare_with(sql, parameters)).boxed()
    }
}

struct Statement<E> {
    query: E,
    prepares: bool,
}

impl<'q, E: Execute<'q, Any>> Execute<'q, Any> for Statement<E> {
    fn sql(self) -> SqlStr {
        self.query.sql()
    }

    fn statement(&self) -> Option<&AnyStatement> {
        self.query.statement()
    }

    fn take_arguments(&mut self) -> Result<Option<AnyArguments>, BoxDynError> {
        self.query.take_arguments()
    }

    fn persistent(&self) -> bool {
        self.prepares && self.query.persistent()
    }
}
