import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { toManagedValues } from "../../../provider/graph/autopilotIdentity.inputs.ts";
import {
	decodeImportRecord,
	encodeRecordPatch,
	type ImportRecord,
} from "../../../provider/graph/autopilotIdentity.wire.ts";
import {
	RootedUploadStrategy,
	UPLOAD_FIELDS,
	UploadStrategy,
} from "../../../provider/graph/strategy.upload.ts";
import { createFakeTenant, type FakeResponse, type Routes } from "./fakeTenant.ts";
import { createLiveMachine, createMachineInputs, createRecordJson, ID } from "./machines.ts";

const REFERENCE_PATCH = "PATCH /beta/importedWindowsAutopilotDeviceIdentityUpload/deviceIdentities";

function createRecord(rest: Readonly<Record<string, unknown>> = {}): ImportRecord {
	const decoded = decodeImportRecord(createRecordJson({ deviceRegistrationId: ID }, rest));
	assert.ok(decoded !== undefined);
	return decoded;
}
const list = (...rows: Readonly<Record<string, unknown>>[]): FakeResponse => ({ value: rows });
const RECORDS = list(
	createRecordJson({ deviceRegistrationId: "m-2" }, { id: "r-2" }),
	createRecordJson({ deviceRegistrationId: ID }),
);

describe("UploadStrategy", () => {
	const createUploadTenant = (routes: Routes) => {
		const fake = createFakeTenant(routes, undefined, UploadStrategy);
		return { ...fake, strategy: fake.context.strategy };
	};
	const change = {
		from: createLiveMachine(),
		to: toManagedValues({ groupTag: "Lab", assignedUserPrincipalName: "ada@contoso.com", displayName: "k" }),
	};

	test("changes a machine through the record of its import, whose id is in the body", async () => {
		const { strategy, sentRoutes, calls } = createUploadTenant({
			"GET imports": [RECORDS],
			[REFERENCE_PATCH]: [{}],
		});
		await strategy.sendUpdate(change);
		assert.deepEqual(sentRoutes(), ["GET imports", REFERENCE_PATCH]);
		assert.deepEqual(calls[1]?.body, encodeRecordPatch(createRecord(), change.to));
	});

	test("sends the record's etag if there is one", async () => {
		const tagged = createRecordJson({ deviceRegistrationId: ID }, { "@odata.etag": 'W/"JzIt"' });
		const { strategy, calls } = createUploadTenant({
			"GET imports": [list(tagged)],
			[REFERENCE_PATCH]: [{}],
		});
		await strategy.sendUpdate(change);
		assert.equal(calls[1]?.ifMatch, 'W/"JzIt"');
	});

	test("cannot change a machine whose record is gone, and names the strategy that can", async () => {
		const { strategy } = createUploadTenant({ "GET imports": [list()] });
		await assert.rejects(strategy.sendUpdate(change), {
			code: "NoImportRecord",
			message:
				/^Changing machine "5CG1234ABC" is not possible with autopilot:strategy upload: .* Set autopilot:strategy to live\.$/,
		});
	});

	test("keeps records, and supports the fields of a record", async () => {
		const { strategy } = createUploadTenant({});
		assert.equal(strategy.keepsRecords, true);
		assert.deepEqual(strategy.fields, ["groupTag", "assignedUserPrincipalName"]);
		assert.equal(strategy.fields, UPLOAD_FIELDS);
	});

	test("queues imports by the same route as LiveStrategy, and creates no upload", async () => {
		const { strategy, sentRoutes } = createUploadTenant({ "POST imports": [createRecordJson()] });
		await strategy.queueImport(createMachineInputs(), "i-1");
		await strategy.removeUpload(createRecord());
		assert.deepEqual(sentRoutes(), ["POST imports"]);
	});
});

describe("RootedUploadStrategy", () => {
	const UPLOADS = list({ id: "u-1" }, { id: "u-2" });
	const createUploadTenant = (routes: Routes) => {
		const uploadRoutes = {
			"GET uploads": [UPLOADS],
			"GET uploads/u-1/deviceIdentities": [list(createRecordJson({}, { id: "r-2" }))],
			"GET uploads/u-2/deviceIdentities": [list(createRecordJson())],
			...routes,
		};
		const fake = createFakeTenant(uploadRoutes, undefined, RootedUploadStrategy);
		return { ...fake, strategy: fake.context.strategy };
	};

	test("queues an import in an upload of its own", async () => {
		const { strategy, sentRoutes, calls, clock } = createUploadTenant({
			"POST uploads": [{ id: "u 3", status: "pending" }],
			"POST uploads/u%203/deviceIdentities": [createRecordJson()],
		});
		assert.equal((await strategy.queueImport(createMachineInputs(), "i-1")).id, "r-1");
		assert.deepEqual(sentRoutes(), ["POST uploads", "POST uploads/u%203/deviceIdentities"]);
		const createdDateTimeUtc = new Date(clock.getWallTime()).toISOString();
		assert.deepEqual(calls[0]?.body, { createdDateTimeUtc, status: "pending" });
	});

	test("throws if no upload was created", async () => {
		const { strategy } = createUploadTenant({ "POST uploads": [{}] });
		await assert.rejects(strategy.queueImport(createMachineInputs(), "i-1"), {
			name: "UnreadableAnswer",
			message: 'creating an upload for machine "5CG1234ABC" failed: the response is not an upload',
		});
	});

	test("changes a record in the upload that contains it", async () => {
		const { strategy, sentRoutes } = createUploadTenant({
			"GET imports": [RECORDS],
			"PATCH uploads/u-2/deviceIdentities/r-1": [{}],
		});
		await strategy.sendUpdate({ from: createLiveMachine(), to: toManagedValues({ groupTag: "Lab" }) });
		assert.equal(sentRoutes().at(-1), "PATCH uploads/u-2/deviceIdentities/r-1");
	});

	test("removes the upload of a record", async () => {
		const { strategy, sentRoutes, calls } = createUploadTenant({ "DELETE uploads/u-2": [undefined] });
		await strategy.removeUpload(createRecord());
		assert.equal(sentRoutes().at(-1), "DELETE uploads/u-2");
		assert.equal(calls.at(-1)?.repeatable, true);
	});

	test("throws if no upload contains the record", async () => {
		const { strategy } = createUploadTenant({});
		await assert.rejects(strategy.removeUpload(createRecord({ id: "r-9" })), {
			code: "NoImportRecord",
			message: 'looking for the upload of machine "5CG1234ABC" failed: no upload contains its record r-9.',
		});
	});
});
