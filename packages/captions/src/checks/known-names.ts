const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/**
 * Names that a model makes up although it was asked not to: given names, also German and French ones, and those of
 * well-known puppets and tales. Each is a name in small letters, too: "jack holds an axe".
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
ada agatha albus alvin amelie andre anke annette antoine anton astrid augustus balthazar barnaby bartholomew beatrix
bella benedict benny bianca bjorn bluebeard boris brigitte brunhilde camille cedric chantal chucky clemens clementine
cleo coraline cornelius dagmar delphine desmond dieter elfriede elise eloise emil enzo erika ezra fabian felicity
fiete finley florian fozzie francois francoise frederik frieda friedrich fritz gabriele gaston genevieve gerd gerhard
gertie gilbert gisela giselle godfrey gottfried gretchen guillaume gunther gustav hank hans harald heinrich heinz
helga hermann hildegard horatio horst ingo isabelle isolde jacques jeanne jens jeremiah jonas josef juliette jurgen
kaspar kathrin klara konrad krampus kurt lars lena leonie leopold lieselotte lisbeth lola lorenz lotte luca luisa
lukas lulu lutz maisie manfred manon margot marianne marlene marta mathieu mathilda mathilde mathis matthias maurizio
maxime maximilian millicent minna mirabel moritz mortimer nele nicolas odette odin olivier ophelia oskar otis ottilie
paulina petrushka phineas pierre raphael reinhard remi renate roderich rodrigo rolf romy rosalie rotkappchen rufus
rumpelstilzchen salome schneewittchen selma serge siegfried sigrid simone solveig stefan struwwelpeter sven svenja
tabitha theodora therese thibault thierry tilda tobi ulla ursel uwe valentin vincenzo volker waldemar waltraud werner
wilbur winston xavier yannick yves yvette zacharias zelda ziggy
aisha coco giuseppe gus kenji matteo mohammed natasha priya ravi rex svetlana yuki
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
dolly jasper jean luna peggy pip puck viola
olive pansy patience pat pearl penny pepper peg pierce poppy prudence punch judy rain ray reed rich river rob robin rocky
rod rose ruby rusty sandy scout sky star summer sunny tiger trip violet wade ward will wolfgang woody
`);

/** Before a name: "Uncle Albert", "Mr Fox". */
export const TITLES = words(
  "mr mrs ms miss sir lady lord dr doctor professor prof captain uncle aunt auntie",
);

/** What a name follows, whatever its letters: "called zorblax"; without accents. */
export const NAMING = words("called named nicknamed christened dubbed genannt namens nomme appele surnomme");
