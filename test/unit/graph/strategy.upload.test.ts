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

const DRAFT = "PATCH /beta/importedWindowsAutopilotDeviceIdentityUpload/deviceIdentities";

function record(rest: Readonly<Record<string, unknown>> = {}): ImportRecord {
	const decoded = decodeImportRecord(createRecordJson({ deviceRegistrationId: ID }, rest));
	assert.ok(decoded !== undefined);
	return decoded;
}
const list = (...rows: Readonly<Record<string, unknown>>[]): FakeResponse => ({ value: rows });
const RECORDS = list(
	createRecordJson({ deviceRegistrationId: "m-2" }, { id: "r-2" }),
	createRecordJson({ deviceRegistrationId: ID }),
);

describe("the strategy upload", () => {
	const createUploadTenant = (routes: Routes) => {
		const fake = createFakeTenant(routes, undefined, UploadStrategy);
		return { ...fake, strategy: fake.context.strategy };
	};
	const change = {
		from: createLiveMachine(),
		to: toManagedValues({ groupTag: "Lab", assignedUserPrincipalName: "ada@contoso.com", displayName: "k" }),
	};

	test("changes a machine through the record of its own import, named in the body", async () => {
		const { strategy, sentRoutes, calls } = createUploadTenant({ "GET imports": [RECORDS], [DRAFT]: [{}] });
		await strategy.sendUpdate(change);
		assert.deepEqual(sentRoutes(), ["GET imports", DRAFT]);
		assert.deepEqual(calls[1]?.body, encodeRecordPatch(record(), change.to));
	});

	test("sends the record's etag as the service sent it, where there is one", async () => {
		const tagged = createRecordJson({ deviceRegistrationId: ID }, { "@odata.etag": 'W/"JzIt"' });
		const { strategy, calls } = createUploadTenant({ "GET imports": [list(tagged)], [DRAFT]: [{}] });
		await strategy.sendUpdate(change);
		assert.equal(calls[1]?.ifMatch, 'W/"JzIt"');
	});

	test("can't change a machine whose record is gone, and says which strategy can", async () => {
		const { strategy } = createUploadTenant({ "GET imports": [list()] });
		await assert.rejects(strategy.sendUpdate(change), {
			code: "NoImportRecord",
			message:
				/^Changing machine "5CG1234ABC" is not possible by autopilot:strategy upload: .* Set autopilot:strategy to live\.$/,
		});
	});

	test("keeps records, and knows the fields that a record has", async () => {
		const { strategy } = createUploadTenant({});
		assert.equal(strategy.keepsRecords, true);
		assert.deepEqual(strategy.fields, ["groupTag", "assignedUserPrincipalName"]);
		assert.equal(strategy.fields, UPLOAD_FIELDS);
	});

	test("queues where live does, and leaves nothing besides the record", async () => {
		const { strategy, sentRoutes } = createUploadTenant({ "POST imports": [createRecordJson()] });
		await strategy.queueImport(createMachineInputs(), "i-1");
		await strategy.removeUpload(record());
		assert.deepEqual(sentRoutes(), ["POST imports"]);
	});
});

describe("the strategy upload-rooted", () => {
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

	test("queues an import below an upload of its own", async () => {
		const { strategy, sentRoutes, calls, clock } = createUploadTenant({
			"POST uploads": [{ id: "u 3", status: "pending" }],
			"POST uploads/u%203/deviceIdentities": [createRecordJson()],
		});
		assert.equal((await strategy.queueImport(createMachineInputs(), "i-1")).id, "r-1");
		assert.deepEqual(sentRoutes(), ["POST uploads", "POST uploads/u%203/deviceIdentities"]);
		const createdDateTimeUtc = new Date(clock.now()).toISOString();
		assert.deepEqual(calls[0]?.body, { createdDateTimeUtc, status: "pending" });
	});

	test("says where no upload came about", async () => {
		const { strategy } = createUploadTenant({ "POST uploads": [{}] });
		await assert.rejects(strategy.queueImport(createMachineInputs(), "i-1"), {
			name: "UnreadableAnswer",
			message: 'making an upload for machine "5CG1234ABC" failed: the answer is no upload',
		});
	});

	test("changes a record below the upload that holds it", async () => {
		const { strategy, sentRoutes } = createUploadTenant({
			"GET imports": [RECORDS],
			"PATCH uploads/u-2/deviceIdentities/r-1": [{}],
		});
		await strategy.sendUpdate({ from: createLiveMachine(), to: toManagedValues({ groupTag: "Lab" }) });
		assert.equal(sentRoutes().at(-1), "PATCH uploads/u-2/deviceIdentities/r-1");
	});

	test("takes the upload away with its record", async () => {
		const { strategy, sentRoutes, calls } = createUploadTenant({ "DELETE uploads/u-2": [undefined] });
		await strategy.removeUpload(record());
		assert.equal(sentRoutes().at(-1), "DELETE uploads/u-2");
		assert.equal(calls.at(-1)?.repeatable, true);
	});

	test("says which record no upload holds", async () => {
		const { strategy } = createUploadTenant({});
		await assert.rejects(strategy.removeUpload(record({ id: "r-9" })), {
			code: "NoImportRecord",
			message: 'looking for the upload of machine "5CG1234ABC" failed: no upload holds its record r-9.',
		});
	});
});
