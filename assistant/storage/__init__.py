"""The only door to the history: SQLite, encrypted by SQLCipher.

sqlite-utils takes its driver from a package named `pysqlite3` where there is one. Ours is
sqlcipher3: it brings a SQLite without the WAL-reset bug, and encryption. It is put in that place
here, since this file runs before any module of this room can import sqlite-utils.
"""

import sys

import sqlcipher3
from sqlcipher3 import dbapi2

sys.modules["pysqlite3"] = sqlcipher3
sys.modules["pysqlite3.dbapi2"] = dbapi2
