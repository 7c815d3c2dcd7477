import assert from "node:assert/strict";
import { test } from "node:test";
import { logger } from "@azure/identity";
import { sanitizeLog } from "../../../provider/auth/entra.log.ts";

test("every line of the library's log goes through all sign-ins' hands before it is printed", (t) => {
	const printed: unknown[][] = [];
	const levels = [logger.error, logger.warning, logger.info, logger.verbose];
	for (const level of levels) t.mock.method(level, "log", (...args: unknown[]) => void printed.push(args));
	for (const secret of ["one", "two"]) sanitizeLog(logger, (text) => text.replaceAll(secret, "[secret]"));
	for (const level of levels) level.log("%s was sent:", "one", { answer: "two" });
	const clean = ["[secret] was sent: { answer: '[secret]' }"];
	assert.deepEqual(printed, [clean, clean, clean, clean]);
});

test("a line of the log is cut", (t) => {
	const printed: unknown[][] = [];
	t.mock.method(logger.info, "log", (...args: unknown[]) => void printed.push(args));
	sanitizeLog(logger, (text, limit) => text.slice(0, limit));
	logger.info.log("x".repeat(10_000));
	assert.deepEqual(printed, [["x".repeat(2_000)]]);
});
