import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTenantId, readTenantOfToken } from "../../../provider/auth/tokenTenant.ts";

const TENANT = "6e0d37a4-7f0c-4b1e-9d52-0c1a3f5b7d91";

const encode = (text: string): string => Buffer.from(text).toString("base64url");
const createHeader = (claims: unknown): string => `Bearer e30.${encode(JSON.stringify(claims))}.c2ln`;

test("the tenant of a token is its claim tid, in lower case", () => {
	assert.equal(readTenantOfToken(createHeader({ tid: TENANT.toUpperCase(), aud: "x" })), TENANT);
	assert.equal(readTenantOfToken(createHeader({ tid: TENANT, name: "Ünïcödé ✓" })), TENANT);
});

test("a token that is opaque or does not name a tenant has no tenant", () => {
	const headers = [
		"",
		"Bearer",
		"Bearer opaque",
		"Bearer a.b",
		"Bearer a.b.c.d.e",
		`Basic e30.${encode(JSON.stringify({ tid: TENANT }))}.c2ln`,
		`Bearer e30.${encode("not JSON")}.c2ln`,
		createHeader(null),
		createHeader([TENANT]),
		createHeader({}),
		createHeader({ tid: "" }),
		createHeader({ tid: 7 }),
		createHeader({ tid: "common" }),
		createHeader({ tid: `${TENANT}\n${TENANT}` }),
		createHeader({ tid: { toString: TENANT } }),
	];
	for (const header of headers) assert.equal(readTenantOfToken(header), undefined, header);
});

test("only a GUID is a tenant id", () => {
	assert.equal(parseTenantId(` ${TENANT.toUpperCase()} `), TENANT);
	for (const value of [undefined, null, 7, "contoso.com", `${TENANT}0`, TENANT.replace("6", "g")])
		assert.equal(parseTenantId(value), undefined);
});
