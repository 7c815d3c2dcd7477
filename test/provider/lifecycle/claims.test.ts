import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Claims, type Declaration, type OtherHolder } from "../../../provider/lifecycle/claims.ts";
import { AFTER, ORIGIN } from "../../../provider/lifecycle/origin.ts";
import { requireOrder } from "../../../provider/lifecycle/ownership.ts";
import {
	type Holder,
	holderOf,
	isRenamed,
	keepOrCreateMark,
	newHolder,
	RECORD,
} from "../../../provider/lifecycle/recordMark.ts";

const KEY = "hub/d";

/** The record of a resource of this name. */
const created = (name: string): Holder => newHolder({ [ORIGIN]: `org/project/dev/Gadget/${name}` });

/** Who has an object, and how surely. */
const seen = (other: OtherHolder | undefined) => other && { name: other.name, holds: other.holds };

/** A record that a release without marks wrote. */
const unmarked = (etag: string): Holder => holderOf({ etag });

function declaration(holder: Holder, { declared = [KEY], before = [] as string[] } = {}): Declaration {
	const { name, tag } = holder;
	return { name, tag, declared: () => new Set(declared), before: () => new Set(before) };
}

describe("an object that a record claims", () => {
	test("is another one's to everybody else until it is released", () => {
		const claims = new Claims();
		const [one, two] = [created("one"), created("two")];
		assert.equal(claims.tryClaim(KEY, one), undefined);
		assert.equal(claims.tryClaim(KEY, one), undefined);
		assert.equal(claims.tryClaim(KEY, two), one);
		assert.deepEqual(seen(claims.otherHolder(KEY, two)), { name: "Gadget one", holds: true });
		assert.equal(claims.otherHolder(KEY, one), undefined);
		claims.release(KEY, one);
		assert.equal(claims.otherHolder(KEY, two), undefined);
		assert.equal(claims.tryClaim(KEY, two), undefined);
	});

	test("may be that of two records in state, each of which is told of the other", () => {
		const claims = new Claims();
		const [one, two] = [created("one"), created("two")];
		claims.claimExisting(KEY, one);
		claims.claimExisting(KEY, two);
		assert.equal(claims.otherHolder(KEY, one)?.name, "Gadget two");
		claims.release(KEY, two);
		assert.equal(claims.otherHolder(KEY, one), undefined);
	});

	test("was claimed by a refresh only until the program registers its first resource", () => {
		const claims = new Claims();
		const [old, fresh] = [created("old"), created("new")];
		claims.claimExisting(KEY, old);
		claims.planToTake("hub/e", old);
		claims.planToGiveUp(KEY, old);
		claims.endRefresh();
		assert.equal(claims.tryClaim(KEY, fresh), undefined);
		assert.equal(claims.otherHolder("hub/e", fresh), undefined);
		assert.equal(claims.conflictsOf(declaration(fresh)).size, 0);
		claims.endRefresh();
		assert.equal(claims.tryClaim(KEY, old), fresh);
	});

	test("is never that of a record without a mark, for another one may look like it", () => {
		const claims = new Claims();
		claims.claimExisting(KEY, unmarked("1"));
		assert.equal(claims.otherHolder(KEY, unmarked("1"))?.holds, true);
		assert.equal(claims.otherHolder(KEY, unmarked("2"))?.holds, true);
		assert.equal(new Claims().otherHolder(KEY, unmarked("1")), undefined);
	});
});

describe("an object that a resource declares and nobody has taken over", () => {
	test("is free for a record without a mark where the same resource had it: the engine checks what it replaces twice", () => {
		const claims = new Claims();
		claims.declare(declaration(created("one"), { before: [KEY] }));
		claims.declare(declaration(created("one")));
		assert.equal(claims.otherHolder(KEY, unmarked("1")), undefined);
		claims.declare(declaration(created("two")));
		assert.deepEqual(seen(claims.otherHolder(KEY, unmarked("1"))), { name: "Gadget two", holds: false });
	});

	test("is not free for the record that ends", () => {
		const claims = new Claims();
		claims.declare(declaration(created("new")));
		assert.deepEqual(seen(claims.otherHolder(KEY, created("old"))), { name: "Gadget new", holds: false });
		assert.deepEqual(seen(claims.otherHolder(KEY, unmarked("1"))), { name: "Gadget new", holds: false });
		assert.equal(claims.otherHolder("hub/e", created("old")), undefined);
	});

	test("is free for the resource itself, which may be told to replace it", () => {
		const claims = new Claims();
		claims.declare(declaration(created("it")));
		assert.equal(claims.otherHolder(KEY, created("it")), undefined);
		const other = new Claims();
		other.declare(declaration(created("renamed"), { before: [KEY] }));
		assert.equal(other.otherHolder(KEY, created("it")), undefined);
		assert.equal(other.isReplacement(KEY), true);
	});

	test("stays that of the resource that is asked once more, without what it declared before", () => {
		for (const key of [undefined, KEY]) {
			const claims = new Claims();
			const it = created("it");
			const own = key === undefined ? {} : { key };
			claims.declare({ ...declaration(it, { before: [KEY] }), ...own });
			claims.declare({ ...declaration(it), ...own });
			assert.equal(claims.isReplacement(KEY), true);
			assert.equal(claims.otherHolder(KEY, unmarked("1")), undefined);
		}
	});

	test("is not free where a plan is to take it, whatever was declared before", () => {
		const claims = new Claims();
		const fleet = created("fleet");
		claims.declare(declaration(fleet, { before: [KEY] }));
		claims.planToTake(KEY, fleet);
		assert.deepEqual(seen(claims.otherHolder(KEY, created("old"))), { name: "Gadget fleet", holds: false });
		assert.equal(claims.otherHolder(KEY, fleet), undefined);
	});

	test("is free once it turned out to be another object", () => {
		const claims = new Claims();
		const [fleet, single] = [created("fleet"), created("single")];
		claims.declare(declaration(fleet));
		claims.declare({ ...declaration(single), key: KEY });
		claims.resolve(KEY, fleet);
		assert.equal(claims.otherHolder(KEY, created("old"))?.name, "Gadget single");
		claims.resolve(KEY, single);
		assert.equal(claims.otherHolder(KEY, created("old")), undefined);
	});
});

describe("an object that a plan gives up", () => {
	test("is in conflict with every other resource that declares it afterwards", () => {
		const claims = new Claims();
		const old = created("old");
		claims.planToGiveUp(KEY, old);
		for (const each of [declaration(created("new")), declaration(created("new"), { before: [KEY] })]) {
			assert.deepEqual([...claims.conflictsOf(each)], [[KEY, old]]);
			assert.deepEqual([...claims.conflictsOf({ ...each, key: KEY })], [[KEY, old]]);
		}
		assert.equal(claims.conflictsOf(declaration(old)).size, 0);
		assert.equal(claims.conflictsOf(declaration(created("new"), { declared: ["hub/e"] })).size, 0);
	});
});

test("a mark tells a record from all others, and which resource made it", () => {
	const [one, again] = [created("it"), created("it")];
	assert.notEqual(one.record, again.record);
	assert.equal(one.tag, again.tag);
	const known = holderOf({ [RECORD]: one.record });
	assert.deepEqual(
		[known.record, known.tag, known.isNew, known.isMarked],
		[one.record, one.tag, false, true],
	);
	assert.equal(unmarked("1").record, unmarked("1").record);
	assert.notEqual(unmarked("1").record, unmarked("2").record);
});

describe("the mark of a record", () => {
	const named = (stack: string, name: string) => ({ [ORIGIN]: `org/project/${stack}/Gadget/${name}` });
	const outputs = { [RECORD]: newHolder(named("dev", "one")).record };

	test("outlives the stack's name", () => {
		assert.equal(keepOrCreateMark(outputs, named("prod", "one")), outputs[RECORD]);
	});

	test("follows the name of its resource", () => {
		const news = named("dev", "two");
		const mark = keepOrCreateMark(outputs, news);
		assert.equal(mark.split("/")[0], outputs[RECORD].split("/")[0]);
		assert.equal(holderOf({ [RECORD]: mark }).tag, newHolder(news).tag);
	});

	test("is another one's where an alias gave the resource another name, until an update says so", () => {
		assert.equal(isRenamed(outputs, named("dev", "two")), true);
		assert.equal(isRenamed(outputs, named("prod", "one")), false);
		assert.equal(isRenamed(outputs, {}), false);
		assert.equal(isRenamed({}, named("dev", "one")), false);
		const claims = new Claims();
		claims.planToGiveUp(KEY, holderOf(outputs, named("dev", "two")));
		assert.equal(claims.conflictsOf(declaration(newHolder(named("dev", "one")))).size, 1);
	});

	test("stays where nobody says a name, and is new where state has none", () => {
		assert.equal(keepOrCreateMark(outputs, {}), outputs[RECORD]);
		assert.equal(
			holderOf({ [RECORD]: keepOrCreateMark({}, named("dev", "one")) }).tag,
			holderOf(outputs).tag,
		);
	});
});

describe("objects that a plan hands over to another resource", () => {
	const taker = created("taker");
	const other = { name: taker.name, tag: taker.tag, holds: true };
	const giver = (after?: string) =>
		holderOf(
			{},
			{ [ORIGIN]: "org/project/dev/Gadget/giver", ...(after === undefined ? {} : { [AFTER]: after }) },
		);

	test("need the giver to depend on the taker, for the order of registrations is another one in each run", () => {
		assert.throws(
			() =>
				requireOrder(giver(""), [
					["a", other],
					["b", other],
				]),
			{
				code: "HeldElsewhere",
				message: /^Gadget giver gives up a, b and does not depend on Gadget taker.*\(`dependsOn`\)/,
			},
		);
		assert.throws(() => requireOrder(giver("0badc0de"), [["a", other]]), { code: "HeldElsewhere" });
		requireOrder(giver(`0badc0de ${taker.tag}`), [["a", other]]);
		requireOrder(giver(""), []);
	});

	test("need nothing where nobody can tell what depends on what", () => {
		requireOrder(giver(), [["a", other]]);
		requireOrder(giver(""), [["a", { ...other, tag: "" }]]);
	});
});
