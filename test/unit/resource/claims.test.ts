import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Claims, type Declaration, type OtherHolder } from "../../../provider/resource/claims.ts";
import {
	createHolder,
	type Holder,
	identifyHolder,
	keepOrCreateMark,
	wasRenamed,
} from "../../../provider/resource/holder.ts";
import { requireDeletionOrder } from "../../../provider/resource/ownership.ts";
import { AFTER_INPUT, ORIGIN_INPUT, RECORD_OUTPUT } from "../../../provider/stateKeys.ts";

const KEY = "hub/d";

/** Creates the record of a resource of this name. */
const created = (name: string): Holder => createHolder({ [ORIGIN_INPUT]: `org/project/dev/Gadget/${name}` });

/** Creates another holder of an object. */
const seen = (other: OtherHolder | undefined) => other && { name: other.name, holds: other.isHolding };

/** A record of a release that wrote no marks. */
const unmarked = (etag: string): Holder => identifyHolder({ etag });

function declaration(holder: Holder, { declared = [KEY], before = [] as string[] } = {}): Declaration {
	const { name, resourceHash } = holder;
	return {
		name,
		resourceHash,
		getDeclaredKeys: () => new Set(declared),
		getPreviousKeys: () => new Set(before),
	};
}

describe("an object that a record claims", () => {
	test("belongs to another record, for everybody else, until it is released", () => {
		const claims = new Claims();
		const [one, two] = [created("one"), created("two")];
		assert.equal(claims.tryClaim(KEY, one), undefined);
		assert.equal(claims.tryClaim(KEY, one), undefined);
		assert.equal(claims.tryClaim(KEY, two), one);
		assert.deepEqual(seen(claims.findOther(KEY, two)), { name: "Gadget one", holds: true });
		assert.equal(claims.findOther(KEY, one), undefined);
		claims.release(KEY, one);
		assert.equal(claims.findOther(KEY, two), undefined);
		assert.equal(claims.tryClaim(KEY, two), undefined);
	});

	test("may belong to two records in state, each of which learns of the other", () => {
		const claims = new Claims();
		const [one, two] = [created("one"), created("two")];
		claims.claimExisting(KEY, one);
		claims.claimExisting(KEY, two);
		assert.equal(claims.findOther(KEY, one)?.name, "Gadget two");
		claims.release(KEY, two);
		assert.equal(claims.findOther(KEY, one), undefined);
	});

	test("loses the claim of a refresh when the program registers its first resource", () => {
		const claims = new Claims();
		const [old, fresh] = [created("old"), created("new")];
		claims.claimExisting(KEY, old);
		claims.planClaim("hub/e", old);
		claims.planEarlyDeletion(KEY, old);
		claims.endRefresh();
		assert.equal(claims.tryClaim(KEY, fresh), undefined);
		assert.equal(claims.findOther("hub/e", fresh), undefined);
		assert.equal(claims.findConflicts(declaration(fresh)).size, 0);
		claims.endRefresh();
		assert.equal(claims.tryClaim(KEY, old), fresh);
	});

	test("never belongs to a record without a mark, since another record may look the same", () => {
		const claims = new Claims();
		claims.claimExisting(KEY, unmarked("1"));
		assert.equal(claims.findOther(KEY, unmarked("1"))?.isHolding, true);
		assert.equal(claims.findOther(KEY, unmarked("2"))?.isHolding, true);
		assert.equal(new Claims().findOther(KEY, unmarked("1")), undefined);
	});
});

describe("an object that a resource declares and has not adopted", () => {
	test("is free for a record without a mark if the same resource had it: the engine checks a replaced resource twice", () => {
		const claims = new Claims();
		claims.addDeclaration(declaration(created("one"), { before: [KEY] }));
		claims.addDeclaration(declaration(created("one")));
		assert.equal(claims.findOther(KEY, unmarked("1")), undefined);
		claims.addDeclaration(declaration(created("two")));
		assert.deepEqual(seen(claims.findOther(KEY, unmarked("1"))), { name: "Gadget two", holds: false });
	});

	test("is not free for a record that ends", () => {
		const claims = new Claims();
		claims.addDeclaration(declaration(created("new")));
		assert.deepEqual(seen(claims.findOther(KEY, created("old"))), { name: "Gadget new", holds: false });
		assert.deepEqual(seen(claims.findOther(KEY, unmarked("1"))), { name: "Gadget new", holds: false });
		assert.equal(claims.findOther("hub/e", created("old")), undefined);
	});

	test("is free for the resource itself, which may have to replace it", () => {
		const claims = new Claims();
		claims.addDeclaration(declaration(created("it")));
		assert.equal(claims.findOther(KEY, created("it")), undefined);
		const other = new Claims();
		other.addDeclaration(declaration(created("renamed"), { before: [KEY] }));
		assert.equal(other.findOther(KEY, created("it")), undefined);
		assert.equal(other.isReplacement(KEY), true);
	});

	test("stays with a resource that is checked again without its old inputs", () => {
		for (const key of [undefined, KEY]) {
			const claims = new Claims();
			const it = created("it");
			const own = key === undefined ? {} : { key };
			claims.addDeclaration({ ...declaration(it, { before: [KEY] }), ...own });
			claims.addDeclaration({ ...declaration(it), ...own });
			assert.equal(claims.isReplacement(KEY), true);
			assert.equal(claims.findOther(KEY, unmarked("1")), undefined);
		}
	});

	test("is not free if a plan will adopt it, whatever was declared before", () => {
		const claims = new Claims();
		const fleet = created("fleet");
		claims.addDeclaration(declaration(fleet, { before: [KEY] }));
		claims.planClaim(KEY, fleet);
		assert.deepEqual(seen(claims.findOther(KEY, created("old"))), { name: "Gadget fleet", holds: false });
		assert.equal(claims.findOther(KEY, fleet), undefined);
	});

	test("is free once the service created another object", () => {
		const claims = new Claims();
		const [fleet, single] = [created("fleet"), created("single")];
		claims.addDeclaration(declaration(fleet));
		claims.addDeclaration({ ...declaration(single), key: KEY });
		claims.dropDeclaredKey(KEY, fleet);
		assert.equal(claims.findOther(KEY, created("old"))?.name, "Gadget single");
		claims.dropDeclaredKey(KEY, single);
		assert.equal(claims.findOther(KEY, created("old")), undefined);
	});
});

describe("an object that a plan deletes", () => {
	test("conflicts with every other resource that declares it afterwards", () => {
		const claims = new Claims();
		const old = created("old");
		claims.planEarlyDeletion(KEY, old);
		for (const each of [declaration(created("new")), declaration(created("new"), { before: [KEY] })]) {
			assert.deepEqual([...claims.findConflicts(each)], [[KEY, old]]);
			assert.deepEqual([...claims.findConflicts({ ...each, key: KEY })], [[KEY, old]]);
		}
		assert.equal(claims.findConflicts(declaration(old)).size, 0);
		assert.equal(claims.findConflicts(declaration(created("new"), { declared: ["hub/e"] })).size, 0);
	});
});

test("a mark tells a record from all others, and names the resource that made it", () => {
	const [one, again] = [created("it"), created("it")];
	assert.notEqual(one.recordId, again.recordId);
	assert.equal(one.resourceHash, again.resourceHash);
	const known = identifyHolder({ [RECORD_OUTPUT]: one.recordId });
	assert.deepEqual(
		[known.recordId, known.resourceHash, known.isNew, known.isMarked],
		[one.recordId, one.resourceHash, false, true],
	);
	assert.equal(unmarked("1").recordId, unmarked("1").recordId);
	assert.notEqual(unmarked("1").recordId, unmarked("2").recordId);
});

describe("the mark of a record", () => {
	const named = (stack: string, name: string) => ({ [ORIGIN_INPUT]: `org/project/${stack}/Gadget/${name}` });
	const outputs = { [RECORD_OUTPUT]: createHolder(named("dev", "one")).recordId };

	test("does not depend on the stack's name", () => {
		assert.equal(keepOrCreateMark(outputs, named("prod", "one")), outputs[RECORD_OUTPUT]);
	});

	test("follows the name of its resource", () => {
		const news = named("dev", "two");
		const mark = keepOrCreateMark(outputs, news);
		assert.equal(mark.split("/")[0], outputs[RECORD_OUTPUT].split("/")[0]);
		assert.equal(identifyHolder({ [RECORD_OUTPUT]: mark }).resourceHash, createHolder(news).resourceHash);
	});

	test("belongs to the former name of a resource with an alias until an update", () => {
		assert.equal(wasRenamed(outputs, named("dev", "two")), true);
		assert.equal(wasRenamed(outputs, named("prod", "one")), false);
		assert.equal(wasRenamed(outputs, {}), false);
		assert.equal(wasRenamed({}, named("dev", "one")), false);
		const claims = new Claims();
		claims.planEarlyDeletion(KEY, identifyHolder(outputs, named("dev", "two")));
		assert.equal(claims.findConflicts(declaration(createHolder(named("dev", "one")))).size, 1);
	});

	test("stays without a name, and is new if state has none", () => {
		assert.equal(keepOrCreateMark(outputs, {}), outputs[RECORD_OUTPUT]);
		assert.equal(
			identifyHolder({ [RECORD_OUTPUT]: keepOrCreateMark({}, named("dev", "one")) }).resourceHash,
			identifyHolder(outputs).resourceHash,
		);
	});
});

describe("objects that a plan leaves to another resource", () => {
	const taker = created("taker");
	const other = { name: taker.name, resourceHash: taker.resourceHash, isHolding: true };
	const giver = (after?: string) =>
		identifyHolder(
			{},
			{
				[ORIGIN_INPUT]: "org/project/dev/Gadget/giver",
				...(after === undefined ? {} : { [AFTER_INPUT]: after }),
			},
		);

	test("require that the deleting resource depends on the adopting one, since the order of registrations varies", () => {
		assert.throws(
			() =>
				requireDeletionOrder(giver(""), [
					["a", other],
					["b", other],
				]),
			{
				code: "HeldElsewhere",
				message: /^Gadget giver gives up a, b and does not depend on Gadget taker.*\(`dependsOn`\)/,
			},
		);
		assert.throws(() => requireDeletionOrder(giver("0badc0de"), [["a", other]]), { code: "HeldElsewhere" });
		requireDeletionOrder(giver(`0badc0de ${taker.resourceHash}`), [["a", other]]);
		requireDeletionOrder(giver(""), []);
	});

	test("require nothing if the dependencies are not known", () => {
		requireDeletionOrder(giver(), [["a", other]]);
		requireDeletionOrder(giver(""), [["a", { ...other, resourceHash: "" }]]);
	});
});
