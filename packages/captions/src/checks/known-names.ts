const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/**
 * Names that a model makes up although it was asked not to: given names, and those of well-known puppets and tales.
 * Each is a name in small letters, too: "jack holds an axe".
 */
export const GIVEN_NAMES = words(`
aaron abigail adam adrian agnes alan albert alex alexander alexandra alfie alfred alice alicia alison amanda amelia amy
andrea andrew andy angela anita anna anne annie anthony antonio archie arthur audrey barbara barney beatrice ben benjamin
bernard bertha bertie betty billy bob bobby brenda brian bridget bruno caleb cameron carl carla carlos carol caroline
catherine cathy cecilia charles charlie charlotte chloe chris christian christina christine christopher clara claudia
clive colin connie craig cynthia daniel danny dave david deborah debra dennis derek diana diane dominic donald donna
doris dorothy doug douglas dylan edgar edith edmund eduardo edward edwin eileen eleanor elena eli elijah eliza elizabeth
ella ellen ellie elsie emily emma enrique eric erica erik ernest ernie esther ethan eugene eva evelyn felix fiona florence
frances francesca francis francisco fred freddie frederick gabriel gareth gary gavin geoffrey george georgia gerald
gertrude giovanni gloria gordon graham greg gregory greta gwen hannah harold harriet harry harvey heather hector heidi
helen henrietta henry herbert hilda hugo ian ida igor ingrid irene isaac isabel isabella ivan jack jackson jacob jacqueline
jake james jamie jane janet janice jason javier jeff jeffrey jennifer jenny jeremy jerry jessica jessie jill jim jimmy
joan joanna joe joel johann john johnny jonathan jorge jose joseph josephine joshua joyce juan judith julia julian julie
juliet justin karen karl kate katherine kathleen kathy katie keith kelly ken kenneth kevin kimberly kirsten klaus kyle
larry laura lauren laurence leah leo leon leonard leslie lewis liam lillian linda lisa lloyd logan lorenzo louis louise
lucas lucia lucy luis luke lydia mabel madeleine malcolm manuel marcel marco marcus margaret maria marie marilyn marina
mario marjorie martha martin mary matilda matthew maureen maurice max megan melanie melissa mia michael michelle miguel
mildred millie milo miranda miriam molly monica morris muriel nadia nancy naomi natalie nathan neil nell nicholas nicola
nicole nigel nina noah nora norma norman olga oliver olivia oscar otto owen pablo pam pamela patricia patrick paul paula
pauline pedro penelope percy peter phil philip phoebe phyllis polly rachel ralph ramon raymond rebecca reginald rhoda
ricardo richard rita roberto robert roberta roderick rodney roger roland ronald ronnie rosalind rosie rosemary rudolf
rudy rupert russell ruth ryan sabrina sally sam samantha samuel sandra sarah scott sean sebastian sergio shane sharon
sheila shirley sid sidney silvia simon sofia sonia sophia sophie stanley stella stephanie stephen steve steven stuart
susan susie suzanne sylvia tamara tanya ted teresa terry thelma theo theodore theresa thomas tim timothy tina tobias toby
todd tom tommy tony tracy trevor tristan tyler ulrich ursula valerie vanessa vera veronica vicky victoria vincent vivian
walter wanda wendy wilfred wilhelm wilhelmina william willie winifred winnie yolanda yvonne zachary zoe
aladdin ariel bambi barbie batman beetlejuice cinderella dracula dumbo elmo elsa eeyore frankenstein frodo gandalf
geppetto goldilocks gretel grinch gollum hansel harlequin hermione kasper kasperl kermit maleficent merlin mickey minnie
moana mowgli muppet muppets nemo olaf paddington pierrot piglet pikachu pinocchio pocahontas pooh popeye pulcinella
pumuckl rapunzel romeo rumpelstiltskin shrek smurf snoopy spiderman superman tigger tinkerbell totoro yoda zorro
`);

/** Names that are ordinary words as well: only a capital letter makes them names. */
export const WORDLIKE_NAMES = words(`
amber angel april aurora autumn basil belle bill blossom buddy buck carter cherry chip clay colt cooper coral crystal
daisy dale dawn dean dot duke earl eve faith fern finn flora forrest frank gale gene ginger glen grace grant hazel heath
holly hope hunter iris ivy jade jasmine jay jewel joy june kay kit lance lily lark may mercy miles mark misty nick
olive pansy patience pat pearl penny pepper peg pierce poppy prudence punch judy rain ray reed rich river rob robin rocky
rod rose ruby rusty sandy scout sky star summer sunny tiger trip violet wade ward will wolfgang woody
`);

/** Before a name: "Uncle Albert", "Mr Fox". */
export const TITLES = words(
  "mr mrs ms miss sir lady lord dr doctor professor prof captain uncle aunt auntie",
);
